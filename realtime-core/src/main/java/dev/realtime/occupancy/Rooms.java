package dev.realtime.occupancy;

/**
 * How many more changes may wait on this node to be published: those that wait and those
 * that a call may bring are taken away. Confined to the loop.
 */
final class Rooms {

	private int free;

	Rooms(int free) {
		this.free = free;
	}

	/** Takes rooms for a call, or those that are left. */
	int take(int wanted) {
		int taken = Math.min(wanted, this.free);
		this.free -= taken;
		return taken;
	}

	void giveBack(int rooms) {
		this.free += rooms;
	}

	boolean isEmpty() {
		return this.free <= 0;
	}

}
