"""Parts of addresses that Django has no converter for."""

from django.urls.converters import IntConverter


class PageNumber(IntConverter):
    """A page's number in its one spelling: 02 would be a second address of page 2."""

    regex = "[1-9][0-9]{0,5}"
