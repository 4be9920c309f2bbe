"""The worst segment: where, among sets of characteristics, more of what happened was not foreseen than chance would leave."""
