"""The deployment model: how an image upload travels from the virtual host to the store."""
