"""A run as people read it: on the screen, as a page, in a pull request, in a build server."""
