"""The prober: samples what answers at the far ends of circuits, at instants all targets share (G5)."""
