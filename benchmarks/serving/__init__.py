"""The serving promises in full: crashes, canaries, memory, starts; real processes, on loopback."""
