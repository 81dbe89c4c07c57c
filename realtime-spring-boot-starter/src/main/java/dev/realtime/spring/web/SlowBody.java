package dev.realtime.spring.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.realtime.loop.Loop;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Reads a body as it arrives, on the container's non-blocking input: a client that takes
 * its time costs no thread. All of the body has one time limit.
 */
final class SlowBody implements ReadListener {

	private static final int CHUNK = 8_192;

	private final HttpServletRequest request;

	private final ServletInputStream in;

	private final int most;

	private final CompletableFuture<byte[]> whole = new CompletableFuture<>();

	private final ByteArrayOutputStream body = new ByteArrayOutputStream();

	private SlowBody(HttpServletRequest request, ServletInputStream in, int most) {
		this.request = request;
		this.in = in;
		this.most = most;
	}

	/**
	 * Begins to read the body of a request that is asynchronous already.
	 * @param most its largest size in bytes
	 * @param timeout how long the client may take to send it
	 * @param timer ends the time
	 * @return completes with the body, on a thread of the container; fails with a
	 * {@link RequestRefusedException}, perhaps on the timer's thread, or with an
	 * {@link IOException} if the client is gone
	 */
	static CompletableFuture<byte[]> read(HttpServletRequest request, int most, Duration timeout, Loop timer)
			throws IOException {
		SlowBody slow = new SlowBody(request, request.getInputStream(), most);
		Loop.Delayed limit = timer.after(timeout, () -> slow.whole.completeExceptionally(RequestBody.tooSlow()));
		CompletableFuture<byte[]> unused = slow.whole.whenComplete((body, failure) -> limit.cancel());
		slow.in.setReadListener(slow);
		return slow.whole;
	}

	@Override
	public void onDataAvailable() throws IOException {
		byte[] chunk = new byte[Math.min(CHUNK, this.most + 1)];
		while (!this.whole.isDone() && this.in.isReady()) {
			int read = this.in.read(chunk);
			if (read < 0) {
				return;
			}
			this.body.write(chunk, 0, read);
			if (this.body.size() > this.most) {
				this.whole.completeExceptionally(RequestBody.tooLarge(this.most));
			}
		}
	}

	@Override
	public void onAllDataRead() {
		try {
			this.whole.complete(RequestBody.checked(this.request, this.body.toByteArray()));
		}
		catch (RequestRefusedException ex) {
			this.whole.completeExceptionally(ex);
		}
	}

	@Override
	public void onError(Throwable failure) {
		this.whole.completeExceptionally((failure instanceof SocketTimeoutException) ? RequestBody.tooSlow() : failure);
	}

}
