package dev.realtime.spring.stream;

import java.util.List;

import dev.realtime.Position;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;

/**
 * Reads the server's frames as a client does and says what they mean for the stream's
 * client. Confined to the stream.
 */
final class StreamEvents {

	/**
	 * A client that came back at once would perhaps find the same node, on its way out.
	 */
	private static final long SOONEST_RETRY_MILLIS = 1_000;

	private final List<Subscription> subscriptions;

	StreamEvents(List<Subscription> subscriptions) {
		this.subscriptions = subscriptions;
	}

	/**
	 * What the frame means, or null for nothing. Nothing has moved yet: see
	 * {@link #written}.
	 */
	@Nullable StreamEvent of(ServerFrame frame) {
		return switch (frame.command()) {
			case "RECEIPT" -> subscribed(frame);
			case "MESSAGE" ->
				StompFrames.CONTROL.equals(frame.header("subscription")) ? control(frame) : message(frame);
			default -> null;
		};
	}

	/** Whether it is known of each subscription what the client gets. */
	boolean areSettled() {
		return this.subscriptions.stream().allMatch(Subscription::isSettled);
	}

	/** The compact position. */
	String position() {
		return Positions.text(this.subscriptions);
	}

	/** Moves the position as the event says, which is about to be written. */
	void written(StreamEvent event, ServerFrame frame) {
		Subscription subscription = event.subscription();
		if (subscription == null) {
			return;
		}
		switch (event.name()) {
			case StreamEvent.MESSAGE -> {
				if (frame.position() != null) {
					subscription.moveTo(frame.position());
				}
			}
			case "gap" -> subscription.moveTo(Positions.parse(frame.header("epoch") + '-' + frame.header("to")));
			default -> {
				// The answers have done it.
			}
		}
	}

	private @Nullable StreamEvent message(ServerFrame frame) {
		Subscription subscription = find(frame.header("subscription"));
		return (subscription != null)
				? StreamEvent.of(StreamEvent.MESSAGE, subscription, frame.message(), frame.position() != null) : null;
	}

	/** What is no topic has no position, and nothing is news of it. */
	private @Nullable StreamEvent subscribed(ServerFrame frame) {
		Subscription subscription = find(frame.header("receipt-id"));
		if (subscription == null) {
			return null;
		}
		String epoch = frame.header("epoch");
		Position start = (epoch != null) ? Positions.parse(epoch + '-' + frame.header("seq")) : null;
		String replayed = frame.header("replayed");
		boolean replays = replayed != null && !replayed.equals("0");
		boolean recovered = "true".equals(frame.header("recovered"));
		subscription.live(frame.header("topic"), start, recovered, replays);
		return new StreamEvent("subscribed", subscription, Documents.subscribed(frame), start != null,
				start != null && !recovered, 0);
	}

	private @Nullable StreamEvent control(ServerFrame frame) {
		String event = String.valueOf(frame.header("event"));
		Subscription subscription = find(frame.header("subscription-id"));
		return switch (event) {
			case "gap" ->
				(subscription != null) ? StreamEvent.of("gap", subscription, Documents.gap(frame), true) : null;
			case "signal" -> StreamEvent.of("signal", null, Documents.signal(frame), false);
			case "denied" -> denied(frame, subscription);
			case "reconnect" -> {
				long after = number(frame, "after-ms");
				yield new StreamEvent("reconnect", null, Documents.number("afterMs", after), false, true,
						Math.max(SOONEST_RETRY_MILLIS, after));
			}
			case "expiring" ->
				new StreamEvent("expiring", null, Documents.number("inMs", number(frame, "in-ms")), false, false, 0);
			default -> null;
		};
	}

	private static StreamEvent denied(ServerFrame frame, @Nullable Subscription subscription) {
		if (subscription != null) {
			subscription.refused();
		}
		return StreamEvent.of("denied", subscription, Documents.denied(frame), false);
	}

	private static long number(ServerFrame frame, String name) {
		String text = frame.header(name);
		return (text != null) ? Query.number(name, text) : 0;
	}

	/** Subscriptions and their receipts are called by their place in the list. */
	private @Nullable Subscription find(@Nullable String id) {
		if (id == null || !id.matches("\\d{1,3}")) {
			return null;
		}
		int index = Integer.parseInt(id);
		return (index < this.subscriptions.size()) ? this.subscriptions.get(index) : null;
	}

}
