package dev.realtime.simulation;

/**
 * One thing that happens in a run. The arguments are taken modulo what there is, so that
 * any part of a plan is a plan.
 */
record Operation(int atMillis, Kind kind, int a, int b, int millis) {

	/** What happens. */
	enum Kind {

		/** Publishes on topic b through node a. */
		PUBLISH(24),

		/** Publishes several at once on topic b through node a. */
		BURST(8),

		/** Client a subscribes to topic b. */
		SUBSCRIBE(10),

		/** Client a unsubscribes from topic b. */
		UNSUBSCRIBE(5),

		/** Client a subscribes to topic b once more, for a time. */
		TWICE(4),

		/** Client a breaks its connection and comes back, to any node. */
		DISCONNECT(8),

		/** Client a reads nothing for a time. */
		STOP_READING(4),

		/** The relay closes node a's session and takes none for a time. */
		RELAY_CUT(4),

		/** Nothing passes between node a and the relay for a time, which looks open. */
		RELAY_MUTE(3),

		/** The relay loses and repeats messages for node a for a time. */
		RELAY_LOSSY(4),

		/** The relay drops what is on its way to node a, and says so. */
		RELAY_DROP(2),

		/** Node a's connection with the store breaks, for a time. */
		STORE_CUT(3),

		/** The store answers node a nothing for a time. */
		STORE_DEAF(3),

		/** Node a's connection with the members' server breaks, for a time. */
		PRESENCE_CUT(3),

		/** The store is away for a time. */
		STORE_AWAY(2),

		/** The store loses its numbering. */
		FAIL_OVER(2),

		/** Node a does nothing for a time. */
		STALL(4),

		/** Node a dies, and is started again after a time. */
		CRASH(3),

		/** Node a closes as in a deployment, and is started again after a time. */
		SHUTDOWN(2),

		/** The next frame that node a makes fails: b says with what. */
		FAIL_ENCODING(2),

		/** The application's policies fail once on node a. */
		FAIL_POLICY(2),

		/** Client a's transport throws at the next write. */
		FAIL_WRITE(2),

		/** Node a's wall clock jumps, forward or back. */
		CLOCK_JUMP(2);

		final int weight;

		Kind(int weight) {
			this.weight = weight;
		}

		/**
		 * Whether a message may be stored and not announced, or announced and lost, and
		 * only a comparison with the log finds that.
		 */
		boolean losesSilently() {
			return switch (this) {
				case RELAY_MUTE, RELAY_LOSSY, STORE_CUT, STORE_DEAF, STORE_AWAY, FAIL_OVER, STALL, CRASH, SHUTDOWN ->
					true;
				default -> false;
			};
		}

	}

	@Override
	public String toString() {
		return this.atMillis + " ms " + this.kind + '(' + this.a + ", " + this.b + ", " + this.millis + " ms)";
	}

}
