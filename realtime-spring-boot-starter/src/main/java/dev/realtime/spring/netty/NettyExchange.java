package dev.realtime.spring.netty;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import dev.realtime.connection.Transport;
import dev.realtime.loop.Loop;
import dev.realtime.spring.Incident;
import dev.realtime.spring.stream.Exchange;
import dev.realtime.spring.stream.StreamAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An exchange on a channel, answered on its event loop. A stream ends with its
 * connection; after a whole answer the connection takes the next request, if the client
 * wants so.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class NettyExchange implements Exchange {

	private static final Logger logger = LoggerFactory.getLogger(NettyExchange.class);

	/** How long a client may take for what is left when a stream has ended. */
	private static final int LAST_WORDS_SECONDS = 2;

	/** A longer body is written in pieces, each of which has a deadline of its own. */
	private static final int PIECE_BYTES = 65_536;

	private final Channel channel;

	private final WriteDeadline deadline;

	private final HttpVersion version;

	/** What pages of other origins need. */
	private final Map<String, String> corsHeaders;

	private final Runnable next;

	private volatile boolean keepAlive;

	private volatile boolean lingers;

	/**
	 * Makes an exchange.
	 * @param deadline limits how long the client may take to read a piece of an answer
	 * @param next makes the connection ready for its next request
	 */
	NettyExchange(Channel channel, WriteDeadline deadline, HttpVersion version, boolean keepAlive,
			Map<String, String> corsHeaders, Runnable next) {
		this.channel = channel;
		this.deadline = deadline;
		this.version = version;
		this.keepAlive = keepAlive;
		this.corsHeaders = corsHeaders;
		this.next = next;
	}

	/** The connection takes no further request. */
	void closeWhenAnswered() {
		this.keepAlive = false;
	}

	/** The client may still be sending: it gets some time to read the answer. */
	void lingerWhenAnswered() {
		this.keepAlive = false;
		this.lingers = true;
	}

	@Override
	public void begin(StreamAnswer head) {
		HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1,
				HttpResponseStatus.valueOf(head.status()));
		headers(response, head);
		response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
		if (this.version.isKeepAliveDefault()) {
			HttpUtil.setTransferEncodingChunked(response, true);
		}
		this.channel.write(response);
	}

	@Override
	public void write(byte[] bytes, Transport.Completion done) {
		ChannelFuture written = this.channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)));
		if (written.isDone()) {
			done.done(written.cause());
		}
		else {
			written.addListener((future) -> done.done(future.cause()));
		}
	}

	@Override
	public void end() {
		this.channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
		closeLater();
	}

	/**
	 * In one step of the event loop with what makes the connection ready: the next
	 * request may come as soon as the answer is written.
	 */
	@Override
	public void answer(StreamAnswer answer) {
		if (this.channel.eventLoop().inEventLoop()) {
			answerNow(answer);
			return;
		}
		try {
			this.channel.eventLoop().execute(() -> answerNow(answer));
		}
		catch (RejectedExecutionException ex) {
			logger.debug("An answer was dropped, because the Netty listener has ended", ex);
		}
	}

	private void answerNow(StreamAnswer answer) {
		boolean goesOn = this.keepAlive;
		boolean small = answer.body().length <= PIECE_BYTES;
		HttpResponseStatus status = HttpResponseStatus.valueOf(answer.status());
		HttpResponse response = small
				? new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(answer.body()))
				: new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
		headers(response, answer);
		if (answer.status() != HttpResponseStatus.NO_CONTENT.code()) {
			response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
		}
		HttpUtil.setKeepAlive(response, goesOn);
		if (small) {
			answered(this.deadline.watch(this.channel.writeAndFlush(response)), goesOn);
		}
		else {
			this.channel.write(response);
			writeFrom(answer.body(), 0, goesOn);
		}
	}

	/** Writes a piece of a body, and the rest when the socket has taken that. */
	private void writeFrom(byte[] body, int start, boolean goesOn) {
		int end = Math.min(start + PIECE_BYTES, body.length);
		ByteBuf piece = Unpooled.wrappedBuffer(body, start, end - start);
		boolean last = end == body.length;
		ChannelFuture written = this.deadline.watch(
				this.channel.writeAndFlush(last ? new DefaultLastHttpContent(piece) : new DefaultHttpContent(piece)));
		if (last) {
			answered(written, goesOn);
			return;
		}
		written.addListener((done) -> {
			if (done.isSuccess()) {
				writeFrom(body, end, goesOn);
			}
			else {
				this.channel.close();
			}
		});
	}

	private void answered(ChannelFuture written, boolean goesOn) {
		if (goesOn) {
			written.addListener((future) -> this.next.run());
		}
		else if (this.lingers) {
			closeLater();
		}
		else {
			written.addListener(ChannelFutureListener.CLOSE);
		}
	}

	@Override
	public Loop.Delayed later(Duration delay, Runnable task) {
		try {
			Future<?> scheduled = this.channel.eventLoop()
				.schedule(() -> contained(task), delay.toNanos(), TimeUnit.NANOSECONDS);
			return () -> scheduled.cancel(false);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("A timed task was dropped, because the Netty listener has ended", ex);
			return () -> {
			};
		}
	}

	/** Netty would keep what a task throws to itself. */
	private static void contained(Runnable task) {
		try {
			task.run();
		}
		catch (Throwable ex) {
			Incident.error(logger, "A stream's timed task failed", ex);
		}
	}

	@Override
	public Executor eventLoop() {
		return this.channel.eventLoop();
	}

	private void headers(HttpResponse response, StreamAnswer answer) {
		answer.headers().forEach(response.headers()::set);
		this.corsHeaders.forEach(response.headers()::set);
	}

	private void closeLater() {
		if (!this.channel.eventLoop().isShuttingDown()) {
			this.channel.eventLoop().schedule(() -> this.channel.close(), LAST_WORDS_SECONDS, TimeUnit.SECONDS);
		}
	}

}
