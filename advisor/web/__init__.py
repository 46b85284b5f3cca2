"""The web application: advice over HTTP, and the rules and reviews behind it."""
