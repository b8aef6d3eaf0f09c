"""Sample data for the style guide."""

from typing import Any


def components() -> dict[str, Any]:
    """Return what the style guide's components show."""
    return {
        "tabs": [
            "integumentary",
            "musculoskeletal",
            "respiratory-cardiovascular",
            "digestive",
            "urinary-reproductive-endocrine",
            "nervous",
            "evaluation-management",
            "anesthesia",
            "radiology",
            "pathology-laboratory",
            "medicine",
            "terminology",
            "anatomy",
            "icd-10-cm",
            "hcpcs",
            "guidelines",
            "compliance",
            "cases",
        ],
    }
