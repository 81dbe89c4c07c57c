package dev.realtime.bench.trial;

import java.util.concurrent.TimeUnit;

import dev.realtime.bench.load.WebSocket;
import io.netty.buffer.ByteBuf;

/** One STOMP connection to the deployment, which says at its end why it ended. */
@SuppressWarnings("FutureReturnValueIgnored")
abstract class StompSocket extends WebSocket {

	/** A connection that is not ready by then is given up. */
	private static final int SECONDS_TO_BE_READY = 30;

	private final Crowd crowd;

	private final int client;

	private final Heartbeats heartbeats;

	private String why = "";

	private String waitingFor = "an answer to the handshake";

	private boolean connecting = true;

	private boolean ready;

	private boolean ended;

	StompSocket(Crowd crowd, int client) {
		this.crowd = crowd;
		this.client = client;
		this.heartbeats = new Heartbeats(crowd.frames().heartbeat());
	}

	/** CONNECTED came. */
	abstract void connected();

	/** Any other frame came but ERROR. */
	abstract void frame(Frame frame);

	/** The connection has ended, or could not be made. */
	abstract void ended(String reason);

	final void dial() {
		this.crowd.dialer().dial(this, this.client, "v12.stomp").addListener((done) -> {
			if (!done.isSuccess()) {
				broken(done.cause());
				closed();
			}
		});
		this.crowd.loop().schedule(() -> {
			if (!this.ready && !this.ended) {
				end("no " + this.waitingFor + " within " + SECONDS_TO_BE_READY + " s");
			}
		}, SECONDS_TO_BE_READY, TimeUnit.SECONDS);
	}

	/** What was waited for has come. */
	final void ready() {
		this.ready = true;
	}

	final void waitFor(String what) {
		this.waitingFor = what;
	}

	/** Cuts it for this reason, unless there is one already. */
	final void end(String reason) {
		because(reason);
		cut();
		// A connection that was not made yet has nothing to cut.
		closed();
	}

	@Override
	protected void opened() {
		if (this.ended) {
			cut();
			return;
		}
		waitFor("CONNECTED");
		send(this.crowd.frames().connect(this.client));
	}

	@Override
	protected void refused(String answer) {
		end(Refusals.handshake(answer));
	}

	@Override
	protected void message(ByteBuf bytes, int start, int length) {
		this.heartbeats.heard();
		Frame.each(bytes, start, length, this::dispatch);
	}

	private void dispatch(Frame frame) {
		if (this.ended) {
			return;
		}
		if (frame.is("CONNECTED")) {
			this.connecting = false;
			this.heartbeats.begin(this.crowd.loop(), frame.header("heart-beat"), () -> send("\n"),
					() -> end("the server sent no heartbeat, which it had promised"));
			connected();
		}
		else if (frame.is("ERROR")) {
			because(Refusals.error(frame, this.connecting));
		}
		else {
			frame(frame);
		}
	}

	@Override
	protected void closing(int code, String reason) {
		end(Refusals.closed(code, reason));
	}

	@Override
	protected void broken(Throwable cause) {
		because(Refusals.broken(cause));
	}

	@Override
	protected void closed() {
		if (!this.ended) {
			this.ended = true;
			this.heartbeats.stop();
			ended(this.why.isEmpty() ? "the connection ended without " + this.waitingFor : this.why);
		}
	}

	private void because(String reason) {
		if (this.why.isEmpty()) {
			this.why = reason;
		}
	}

}
