package dev.realtime.connection;

import java.util.ArrayDeque;
import java.util.List;

import dev.realtime.TopicMessage;
import dev.realtime.delivery.Batch;
import dev.realtime.delivery.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Takes what waits for one connection to its socket: one write at a time, and all that is
 * ready in one write. Confined to the shard, but for {@link #done}.
 */
final class SocketWriter extends MeasuredWriter implements Transport.Completion {

	final OutboundQueue queue;

	/** How many of the connection's subscriptions recover now. */
	int replays;

	private boolean dirty;

	/** From handing a batch over until the socket or the interceptor is done with it. */
	private boolean writing;

	/** Whether what is being written is with an interceptor of the application. */
	private boolean intercepting;

	/** What came back from the interceptor and is to be written; null when nothing is. */
	private @Nullable ArrayDeque<Frame> passed;

	/** The transport has not returned yet, and is done before it does. */
	private boolean inside;

	private boolean doneInside;

	private @Nullable Throwable failure;

	private long lastWriteNanos;

	SocketWriter(Connections shared, Connection connection, Transport transport) {
		super(connection, transport);
		ConnectionOptions options = shared.options;
		this.lastWriteNanos = this.shard.environment().nanoTime();
		this.queue = new OutboundQueue(options.queueMessages(), options.queueBytes(), this.shard.counters());
	}

	/** Queues a message that fits. */
	void enqueue(Frame frame, Subscriber owner) {
		if (!isEnding()) {
			this.queue.add(frame, owner);
			markDirty();
		}
	}

	@Override
	protected void enqueueUnowned(Frame frame) {
		if (isEnding()) {
			return;
		}
		if (!this.queue.hasRoom(frame.size())) {
			overflow();
			return;
		}
		this.queue.add(frame, null);
		markDirty();
	}

	/** Queues the frame that tells the client that it is connected. */
	void enqueueConnected(Frame frame) {
		enqueueUnowned(frame);
		reportNextWrite();
	}

	void overflow() {
		if (!isEnding()) {
			this.connection.shared().stats.overflows.increment();
			closeNow(CloseReason.OVERFLOW);
		}
	}

	@Override
	protected boolean writeNow(Batch batch) {
		int count = batch.frames().size();
		if (this.writing || hasFrames() || isEnding() || !this.queue.couldHold(count, batch.size())
				|| (count > 1 && batch.size() > this.transport.batchBytes())) {
			return false;
		}
		this.queue.pass(count, batch.size());
		write(batch);
		return true;
	}

	void markDirty() {
		if (!this.dirty) {
			this.dirty = true;
			this.shard.dirty(this, this.replays > 0);
		}
	}

	boolean hasRoomToSpare() {
		return !this.closed && this.queue.isHalfEmpty();
	}

	/**
	 * Writes what waits, as far as the socket takes it. Where the queue has got room,
	 * however that came about, recoveries go on.
	 */
	@Override
	protected void flush() {
		this.dirty = false;
		while (!this.writing && !this.closed && hasFrames()) {
			writeNext();
		}
		if (this.closing != null && !this.closed && !this.writing && !hasFrames()) {
			closeNow(this.closing);
		}
		continueReplays();
	}

	/** What waited for a subscription was taken out: others may have room now. */
	void madeRoom() {
		if (this.replays > 0) {
			markDirty();
		}
	}

	/** A write that is done before the transport has returned costs no hand-over. */
	@Override
	public void done(@Nullable Throwable failure) {
		if (this.shard.isCurrent() && this.inside) {
			this.doneInside = true;
			this.failure = failure;
		}
		else {
			this.shard.execute(() -> wroteLater(failure));
		}
	}

	private void wroteLater(@Nullable Throwable failure) {
		try {
			wrote(failure);
			writeWithTheOthers();
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	/**
	 * What came while the socket was busy leaves with the shard's next round, so that a
	 * busy shard's pace holds for it as well.
	 */
	private void writeWithTheOthers() {
		if (!this.closed && (this.closing != null || hasFrames())) {
			markDirty();
		}
	}

	@Override
	protected void tick(long nowNanos) {
		try {
			lookAtClocks(nowNanos);
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	private void lookAtClocks(long nowNanos) {
		if (this.closed) {
			return;
		}
		countSlow(!this.queue.isHalfEmpty()
				|| (this.writing && !this.intercepting && isSlow(nowNanos - this.lastWriteNanos)));
		if (this.closing != null) {
			closeIfOverdue(nowNanos);
			return;
		}
		long sinceWrite = nowNanos - this.lastWriteNanos;
		boolean stuck = this.writing && sinceWrite > this.connection.shared().options.writeTimeout().toNanos();
		CloseReason over = this.connection.check(this.connection, this.transport, nowNanos, stuck);
		if (over != null) {
			closeNow(over);
		}
		else if (!this.writing && this.connection.isHeartbeatDue(sinceWrite)) {
			enqueueUnowned(this.connection.shared().heartbeat);
		}
	}

	@Override
	void forgetFrames() {
		countSlow(false);
		if (this.passed != null) {
			this.passed.forEach(this::notWritten);
		}
		this.passed = null;
		this.queue.clear();
	}

	private void write(Batch batch) {
		this.writing = true;
		this.doneInside = false;
		this.lastWriteNanos = this.shard.nowNanos();
		boolean sampled = this.shard.counters().wrote();
		this.inside = true;
		try {
			this.transport.write(batch,
					batch.hasJourney() ? new JourneyWrite(batch, this.shard.journeys(), this) : this);
		}
		catch (Throwable ex) {
			if (!this.doneInside) {
				batch.frames().forEach(this::notWritten);
			}
			failed(ex);
		}
		this.inside = false;
		handedOver(batch, sampled);
		if (this.doneInside) {
			wrote(this.failure);
		}
	}

	/** Writes the next batch, or lets the interceptor have it first. */
	private void writeNext() {
		List<Frame> frames = this.shard.scratch();
		FrameInterceptor interceptor = null;
		@Nullable Interception step = null;
		@Nullable Batch batch = null;
		try {
			if (this.passed != null) {
				Interception.take(this.passed, frames, this.transport.batchBytes());
				this.passed = this.passed.isEmpty() ? null : this.passed;
			}
			else {
				this.queue.take(frames, this.transport.batchBytes(), this.connection.wantsControlEvents(), this.shard,
						this.connection.shared().encoder);
				interceptor = this.connection.shared().activeInterceptor();
			}
			if (interceptor != null && Interception.concerns(frames)) {
				step = new Interception(interceptor, this.connection, frames);
			}
			else if (!frames.isEmpty()) {
				batch = this.shard.batch(frames);
			}
		}
		finally {
			// Another connection must not get them, whatever was thrown.
			frames.clear();
		}
		if (interceptor != null && step != null) {
			intercept(interceptor, step);
		}
		else if (batch != null) {
			write(batch);
		}
	}

	private void intercept(FrameInterceptor interceptor, Interception step) {
		this.writing = true;
		this.intercepting = true;
		this.lastWriteNanos = this.shard.nowNanos();
		try {
			interceptor.execute(step);
		}
		catch (Throwable ex) {
			step.refused();
			closeNow(CloseReason.UNAVAILABLE);
		}
	}

	/**
	 * A batch is back from the interceptor.
	 * @param frames what to write in its place, or null when that is not known
	 */
	void intercepted(@Nullable List<Frame> frames) {
		this.intercepting = false;
		if (this.closed) {
			if (frames != null) {
				frames.forEach(this::notWritten);
			}
			return;
		}
		if (frames == null) {
			closeNow(CloseReason.UNAVAILABLE);
			return;
		}
		this.writing = false;
		this.queue.taken(frames.stream().mapToInt(Frame::size).sum());
		if (frames.isEmpty()) {
			wrote(null);
		}
		else {
			this.passed = new ArrayDeque<>(frames);
		}
		writeWithTheOthers();
	}

	/** The frame is given up; any thread. */
	void notWritten(Frame frame) {
		TopicMessage message = frame.journey();
		if (message != null) {
			this.shard.journeys().notWritten(message);
		}
	}

	private boolean hasFrames() {
		return this.passed != null || !this.queue.isEmpty();
	}

	private void wrote(@Nullable Throwable failure) {
		this.writing = false;
		this.failure = null;
		if (this.passed == null) {
			this.queue.written();
		}
		if (this.closed) {
			return;
		}
		if (failure != null) {
			closeNow(CloseReason.STUCK);
			return;
		}
		continueReplays();
	}

	private void continueReplays() {
		if (this.replays > 0 && this.closing == null && hasRoomToSpare()) {
			this.connection.continueReplays();
		}
	}

}
