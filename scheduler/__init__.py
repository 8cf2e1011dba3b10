"""The only room where the others meet: settings, command line, jobs and the service."""
