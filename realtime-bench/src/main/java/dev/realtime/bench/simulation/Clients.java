package dev.realtime.bench.simulation;

/**
 * The load of the benchmark: one thread that publishes, and reads what its connections
 * get.
 */
final class Clients extends Worker {

	private static final int SEND = -1;

	private static final int READS_A_PIECE = 8;

	private final Costs costs;

	private final Sent send;

	private final Sent received;

	private final Chains waiting;

	private final Ints queue = new Ints();

	private final Chains sends = new Chains(1);

	private final int[] piece = new int[READS_A_PIECE];

	private int pieceSize;

	/**
	 * What its work costs, in nanoseconds.
	 *
	 * @param send a publication
	 * @param read each read of a socket
	 * @param message each message in it
	 */
	record Costs(double send, double read, double message) {
	}

	/** Takes a message, by the time at which it was meant to be sent. */
	interface Sent {

		void accept(long meantNanos);

	}

	Clients(Timeline timeline, Machine machine, Program program, Costs costs, int connections, Sent send,
			Sent received) {
		super(timeline, machine, program);
		this.costs = costs;
		this.waiting = new Chains(connections);
		this.send = send;
		this.received = received;
	}

	/** A message is due. */
	void publish(long meantNanos) {
		this.sends.add(0, meantNanos);
		this.queue.add(SEND);
		wake();
	}

	/** A message is in a socket. */
	void arrived(int connection, long meantNanos) {
		if (this.waiting.count(connection) == 0) {
			this.queue.add(connection);
		}
		this.waiting.add(connection, meantNanos);
		wake();
	}

	@Override
	long begin() {
		if (this.queue.size() == 0) {
			return -1;
		}
		double cost = 0;
		this.pieceSize = Math.min(READS_A_PIECE, this.queue.size());
		for (int i = 0; i < this.pieceSize; i++) {
			this.piece[i] = this.queue.take();
			cost += (this.piece[i] == SEND) ? this.costs.send()
					: this.costs.read() + this.costs.message() * this.waiting.count(this.piece[i]);
		}
		return (long) cost;
	}

	@Override
	void end() {
		for (int i = 0; i < this.pieceSize; i++) {
			int each = this.piece[i];
			if (each == SEND) {
				this.send.accept(this.sends.take(0));
				continue;
			}
			for (int left = this.waiting.count(each); left > 0; left--) {
				this.received.accept(this.waiting.take(each));
			}
		}
	}

}
