"""Many people at once, as they come: real servers, real sockets, from one process of its own."""
