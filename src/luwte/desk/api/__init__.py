"""The interface for the machines of other agencies: reports and case events come in, notices go out.

It runs in the world of casework alone, so what strangers reach has no vault and no key of people.
"""
