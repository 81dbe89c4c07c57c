package dev.realtime.hub;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.realtime.delivery.Batch;
import dev.realtime.delivery.Frame;
import dev.realtime.delivery.ShardWriter;
import org.jspecify.annotations.Nullable;

/**
 * Takes what waits for one connection to its socket: one write at a time, and all that is
 * ready in one write. Confined to the shard, but for {@link #done}.
 */
final class SocketWriter extends ShardWriter implements Transport.Completion {

	/** How long a connection that is to be closed may take for what waits. */
	private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(2);

	final OutboundQueue queue;

	private final Connection connection;

	private final Transport transport;

	/** How many of the connection's subscriptions recover now. */
	int replays;

	private boolean dirty;

	/** From handing a batch over until the socket or the interceptor is done with it. */
	private boolean writing;

	/** What came back from the interceptor and is to be written; null when nothing is. */
	private @Nullable ArrayDeque<Frame> passed;

	/** The transport has not returned yet, and is done before it does. */
	private boolean inside;

	private boolean doneInside;

	private @Nullable Throwable failure;

	private boolean closed;

	/** Why it will be closed once what waits is written; nothing is queued any more. */
	private @Nullable CloseReason closing;

	private long closingSinceNanos;

	private long lastWriteNanos;

	SocketWriter(Connection connection, Transport transport) {
		super(connection.shard);
		HubOptions options = connection.hub.options;
		this.connection = connection;
		this.lastWriteNanos = this.shard.environment().nanoTime();
		this.transport = transport;
		this.queue = new OutboundQueue(options.queueMessages(), options.queueBytes(), this.shard.tally());
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

	void overflow() {
		if (!isEnding()) {
			this.connection.hub.stats.overflows.increment();
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
		if (this.closing != null) {
			if (nowNanos - this.closingSinceNanos > CLOSING_NANOS) {
				closeNow(this.closing);
			}
			return;
		}
		long sinceWrite = nowNanos - this.lastWriteNanos;
		long sinceRead = nowNanos - this.connection.lastReadNanos;
		CloseReason overdue = this.connection.overdue(nowNanos);
		if (this.connection.isExpired(nowNanos)) {
			closeNow(CloseReason.EXPIRED);
		}
		else if (this.writing && sinceWrite > this.connection.hub.options.writeTimeout().toNanos()) {
			closeNow(CloseReason.STUCK);
		}
		else if (overdue != null) {
			closeNow(overdue);
		}
		else if (this.connection.isSilent(sinceRead) || !this.transport.silent(sinceRead)) {
			closeNow(CloseReason.SILENT);
		}
		else if (!this.writing && this.connection.isHeartbeatDue(sinceWrite)) {
			enqueueUnowned(this.connection.hub.heartbeat);
		}
	}

	void closeAfterQueue(CloseReason reason) {
		if (!isEnding()) {
			this.shard.release();
			this.closing = reason;
			this.closingSinceNanos = this.shard.environment().nanoTime();
			this.connection.closing(reason);
			flush();
		}
	}

	void discard() {
		if (!this.closed) {
			this.closed = true;
			this.passed = null;
			this.queue.clear();
			this.connection.ended();
		}
	}

	/** Something that was done for this connection failed: closes it. Never throws. */
	@Override
	protected void failed(Throwable failure) {
		this.shard.failed(failure);
		closeNow(CloseReason.FAILED);
	}

	/** Closes without writing what waits. Never throws. */
	void closeNow(CloseReason reason) {
		if (!this.closed) {
			if (this.closing == null) {
				this.connection.closing(reason);
			}
			closeTransport(reason);
			discard();
		}
	}

	/** Closes a connection that was never opened; any thread may call this. */
	void refuse(CloseReason reason) {
		this.closed = true;
		closeTransport(reason);
	}

	/** Closes the socket alone. The shard must not run any more, or not answer. */
	void closeTransport(CloseReason reason) {
		try {
			this.transport.close(reason);
		}
		catch (Throwable ex) {
			this.shard.failed(ex);
		}
	}

	private void write(Batch batch) {
		this.writing = true;
		this.doneInside = false;
		this.lastWriteNanos = this.shard.nowNanos();
		this.shard.tally().wrote();
		this.inside = true;
		try {
			this.transport.write(batch, this);
		}
		catch (Throwable ex) {
			failed(ex);
		}
		this.inside = false;
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
				takePassed(this.passed, frames);
			}
			else {
				takeQueued(frames);
				interceptor = this.connection.hub.activeInterceptor();
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
		this.lastWriteNanos = this.shard.nowNanos();
		try {
			interceptor.execute(step);
		}
		catch (RuntimeException | Error ex) {
			closeNow(CloseReason.UNAVAILABLE);
		}
	}

	/**
	 * A batch is back from the interceptor.
	 * @param frames what to write in its place, or null when that is not known
	 */
	void intercepted(@Nullable List<Frame> frames) {
		if (this.closed) {
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

	private void takePassed(ArrayDeque<Frame> passed, List<Frame> frames) {
		int room = this.transport.batchBytes();
		for (Frame next = passed.peek(); next != null
				&& (frames.isEmpty() || next.size() <= room); next = passed.peek()) {
			frames.add(passed.remove());
			room -= next.size();
		}
		this.passed = passed.isEmpty() ? null : passed;
	}

	private void takeQueued(List<Frame> frames) {
		int room = this.transport.batchBytes();
		while (!this.queue.isEmpty() && (frames.isEmpty() || this.queue.nextSize() <= room)) {
			Object what = this.queue.poll();
			if (what instanceof Frame frame) {
				frames.add(frame);
				room -= frame.size();
			}
			else if (what instanceof DroppedRange range && this.connection.wantsControlEvents()) {
				frames.add(range.frame(this.shard, this.connection.hub.encoder));
			}
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

	/** Whether nothing is queued any more. */
	boolean isEnding() {
		return this.closed || this.closing != null;
	}

}
