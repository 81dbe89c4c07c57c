package dev.realtime.spring.stomp;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.spring.stomp.FrameObserver.Observed;
import dev.realtime.spring.stomp.FrameObserver.Outcome;
import dev.realtime.stomp.StompCommand;
import dev.realtime.stomp.StompFrame;
import org.jspecify.annotations.Nullable;

/**
 * The CONNECT and the SUBSCRIBEs of one connection that are observed and not answered
 * yet. Each of them ends: with its answer, its subscription or the connection. Safe for
 * any number of threads.
 */
final class ObservedFrames {

	private final Connection connection;

	private final FrameObserver observer;

	private final int most;

	private final Set<ObservedFrame> pending = ConcurrentHashMap.newKeySet(2);

	/**
	 * An empty one.
	 * @param most how many are observed at a time
	 */
	ObservedFrames(Connection connection, FrameObserver observer, int most) {
		this.connection = connection;
		this.observer = observer;
		this.most = most;
		connection.whenClosed(() -> end((each) -> true, Outcome.CLOSED, null));
	}

	/** Whether the frame is of a kind that is observed. */
	static boolean observes(StompFrame frame) {
		return frame.command().opens() || frame.command() == StompCommand.SUBSCRIBE;
	}

	/** Begins to observe a frame; null if it is not. */
	@Nullable ObservedFrame begin(StompFrame frame) {
		if (this.pending.size() >= this.most) {
			return null;
		}
		boolean opens = frame.command().opens();
		String transport = this.connection.transport().word();
		Observed observed = opens ? this.observer.connect(transport, frame::header)
				: this.observer.subscribe(transport, frame::header);
		if (observed == null) {
			return null;
		}
		ObservedFrame begun = new ObservedFrame(observed, this, opens, opens ? null : frame.header("id"));
		this.pending.add(begun);
		if (this.connection.isGone()) {
			begun.end(Outcome.CLOSED, null);
		}
		return begun;
	}

	void remove(ObservedFrame frame) {
		this.pending.remove(frame);
	}

	/** CONNECTED is on its way. */
	void connected() {
		end(ObservedFrame::opens, Outcome.OK, null);
	}

	/** The CONNECT was refused. */
	void connectRefused(String word) {
		end(ObservedFrame::opens, Outcome.REFUSED, word);
	}

	/** The subscription has ended; not one that begins later with the same id. */
	void ended(String id) {
		end((each) -> each.isAdmitted() && id.equals(each.id()), Outcome.ENDED, null);
	}

	/** The node closes the connection. */
	void closing(CloseReason reason) {
		String word = SessionRefusals.word(reason);
		end(ObservedFrame::opens, (word != null) ? Outcome.REFUSED : Outcome.CLOSED, word);
		end((each) -> true, Outcome.CLOSED, word);
	}

	private void end(Predicate<ObservedFrame> which, Outcome outcome, @Nullable String word) {
		List.copyOf(this.pending).stream().filter(which).forEach((each) -> each.end(outcome, word));
	}

	/** A subscription of the connection has ended. */
	static void ended(Connection connection, String id) {
		if (connection.owner() instanceof RealtimeSession session) {
			ObservedFrames known = session.protocol().observed();
			if (known != null) {
				known.ended(id);
			}
		}
	}

}
