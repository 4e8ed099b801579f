"""The operations of the API, one noun a module: from the URL to a service and back, no rule of the domain in between."""
