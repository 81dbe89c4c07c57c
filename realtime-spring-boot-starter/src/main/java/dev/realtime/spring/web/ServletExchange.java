package dev.realtime.spring.web;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.connection.Transport;
import dev.realtime.loop.Loop;
import dev.realtime.spring.stream.Exchange;
import dev.realtime.spring.stream.Stream;
import dev.realtime.spring.stream.StreamAnswer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An exchange on a servlet container's non-blocking output. Whoever has something to
 * write, or is told that writing is possible, takes a turn; one at a time does, and the
 * others leave their work to it. The response is touched in turns alone, the first of
 * which is the container's, after the request's own thread has left.
 * <p>
 * A container uses its response objects again. When it says that the request is over, it
 * is not let go before the turn that is being taken has ended, and no other touches the
 * response: what a late write left there would end another client's request.
 */
final class ServletExchange implements Exchange, WriteListener, AsyncListener {

	/** How long a client may take nothing of what is left when an answer has ended. */
	private static final long LAST_WORDS_MILLIS = 2_000;

	private static final Logger logger = LoggerFactory.getLogger(ServletExchange.class);

	private final AsyncContext context;

	private final HttpServletResponse response;

	private final ServletOutputStream out;

	private final Loop timer;

	private final long writeTimeoutMillis;

	/** Written and failed while the lock is held. */
	private final PendingWrites writes = new PendingWrites();

	private final AtomicInteger turns = new AtomicInteger();

	/** Held while the response is touched, for moments only: nothing on it blocks. */
	private final TellingLock touching = new TellingLock(this::failed);

	private volatile @Nullable StreamAnswer head;

	private volatile @Nullable Stream stream;

	private volatile Runnable whenOver = () -> {
	};

	/** The container must not read what is left of the body. */
	private volatile boolean bodyIsLeft;

	private volatile boolean possible;

	private volatile boolean ended;

	/** Set while the lock is held. */
	private volatile boolean over;

	// Touched in turns alone.

	private boolean begun;

	private boolean unflushed;

	private ServletExchange(HttpServletRequest request, HttpServletResponse response, Loop timer, Duration writeTimeout)
			throws IOException {
		this.context = request.startAsync(request, response);
		this.context.setTimeout(0);
		this.response = ContainerResponse.takeOver(request, response);
		this.out = this.response.getOutputStream();
		this.timer = timer;
		this.writeTimeoutMillis = writeTimeout.toMillis();
	}

	/**
	 * Takes the request over from its thread.
	 * @param writeTimeout how long the client may take nothing of an answer
	 */
	static ServletExchange of(HttpServletRequest request, HttpServletResponse response, Loop timer,
			Duration writeTimeout) throws IOException {
		ServletExchange exchange = new ServletExchange(request, response, timer, writeTimeout);
		exchange.context.addListener(exchange);
		return exchange;
	}

	/** The request's thread is about to leave. */
	void listen(@Nullable Stream opened) {
		this.stream = opened;
		this.out.setWriteListener(this);
		serve(opened);
	}

	/**
	 * Runs a task, which only counts, before the request is complete; to be called first.
	 */
	void whenOver(Runnable task) {
		this.whenOver = task;
	}

	/** Tells the stream when the client is gone. */
	void serve(@Nullable Stream opened) {
		this.stream = opened;
		if (this.over && opened != null) {
			opened.gone();
		}
	}

	/**
	 * Answers a request whose body has not come, and will not be read. Completing it
	 * would let the container read on, so the client is cut off after that.
	 */
	void refuse(StreamAnswer answer) {
		this.bodyIsLeft = true;
		answer(answer.with("Connection", "close"));
	}

	@Override
	public void begin(StreamAnswer answer) {
		this.head = answer;
		turn();
	}

	@Override
	public void write(byte[] bytes, Transport.Completion done) {
		this.writes.add(bytes, done);
		turn();
	}

	@Override
	public void answer(StreamAnswer answer) {
		this.writes.addAnswer(answer.body());
		this.head = answer.with("Content-Length", Integer.toString(answer.body().length));
		finish(this.writeTimeoutMillis);
	}

	@Override
	public void end() {
		finish(LAST_WORDS_MILLIS);
	}

	/**
	 * What waits is the last; the client is cut off when it takes nothing for so long.
	 */
	private void finish(long millis) {
		this.ended = true;
		turn();
		unlessOver(() -> cutOffAfter(millis));
	}

	/** While the lock is held, as is what runs later. */
	private void cutOffAfter(long millis) {
		int before = this.writes.written();
		later(() -> {
			if (this.writes.written() != before) {
				cutOffAfter(millis);
			}
			else {
				cutOff();
			}
		}, millis);
	}

	@Override
	public Loop.Delayed later(Duration delay, Runnable task) {
		return this.timer.after(delay, task);
	}

	@Override
	public @Nullable Executor eventLoop() {
		return null;
	}

	@Override
	public void onWritePossible() {
		this.possible = true;
		turn();
	}

	@Override
	public void onError(Throwable failure) {
		logger.debug("The socket of a stream over HTTP failed", failure);
		gone(failure);
	}

	@Override
	public void onError(AsyncEvent event) {
		gone(event.getThrowable());
		complete();
	}

	/** Nothing is said here, so that the container cuts the client off. */
	@Override
	public void onTimeout(AsyncEvent event) {
		gone(null);
	}

	@Override
	public void onComplete(AsyncEvent event) {
		gone(null);
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
	}

	private void turn() {
		if (this.turns.getAndIncrement() > 0) {
			return;
		}
		int done = 1;
		while (done != 0) {
			try {
				this.touching.lock();
				try {
					writeWhatIsThere();
				}
				finally {
					this.touching.unlock();
				}
			}
			catch (Throwable ex) {
				// The container hears of it too and ends the request.
				onError(ex);
			}
			done = this.turns.addAndGet(-done);
		}
	}

	private void writeWhatIsThere() throws IOException {
		StreamAnswer answer = this.head;
		if (this.over) {
			this.writes.fail(new IOException("The client has disconnected"), this.touching::tell);
			return;
		}
		if (!this.possible || answer == null) {
			return;
		}
		if (!this.begun) {
			this.begun = true;
			AnswerNow.head(this.response, answer);
			this.unflushed = true;
		}
		while (this.out.isReady()) {
			if (this.writes.writeNext(this.out)) {
				this.unflushed = true;
			}
			else if (this.unflushed) {
				this.unflushed = false;
				this.out.flush();
			}
			else {
				this.writes.completeTaken(this.touching::tell);
				finishIfEnded();
				return;
			}
		}
	}

	private void finishIfEnded() {
		if (this.ended && this.writes.isEmpty() && !this.over) {
			if (this.bodyIsLeft) {
				this.ended = false;
				later(this::cutOff, LAST_WORDS_MILLIS);
			}
			else {
				this.over = true;
				this.whenOver.run();
				complete();
			}
		}
	}

	private void gone(@Nullable Throwable failure) {
		boolean first = unlessOver(() -> this.over = true);
		// A container may call its listeners at once when the request is completed.
		this.touching.tell(() -> {
			Stream served = this.stream;
			if (served != null) {
				served.gone();
			}
			if (first) {
				this.whenOver.run();
				logger.debug("The client of a stream over HTTP has disconnected", failure);
				turn();
			}
		});
	}

	/** Who was told has thrown something: the answer ends here. */
	private void failed(Throwable failure) {
		unlessOver(this::cutOff);
		gone(failure);
	}

	/**
	 * Completing now could make a thread of the container wait for the client. A time
	 * limit that is over makes the container close the socket as it is.
	 */
	private void cutOff() {
		try {
			this.context.setTimeout(1);
			later(this::complete, LAST_WORDS_MILLIS);
		}
		catch (IllegalStateException ex) {
			complete();
		}
	}

	private void complete() {
		try {
			this.context.complete();
		}
		catch (IllegalStateException ex) {
			logger.debug("The request was complete already", ex);
		}
	}

	private void later(Runnable task, long millis) {
		this.timer.after(Duration.ofMillis(millis), () -> unlessOver(task));
	}

	/** Runs a task while the lock is held, or returns false if the request is over. */
	private boolean unlessOver(Runnable task) {
		return this.touching.hold(() -> {
			boolean goesOn = !this.over;
			if (goesOn) {
				task.run();
			}
			return goesOn;
		});
	}

}
