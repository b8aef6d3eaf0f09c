"""The code sets: ICD-10-CM and HCPCS Level II, and which codes are valid on a date.

CPT numbers are recognised by their shape only: no CPT list is stored anywhere.
"""
