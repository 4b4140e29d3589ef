"""Takes the pictures of docs/: real scenes of simulated meshes, in a real browser."""
