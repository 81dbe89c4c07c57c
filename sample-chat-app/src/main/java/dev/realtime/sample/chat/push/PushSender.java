package dev.realtime.sample.chat.push;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.springframework.stereotype.Component;

/**
 * Sends to all browsers of a user, three times at most, with at most five seconds for
 * each attempt and each pause: less than the 30 seconds after which the starter reports a
 * handler as stalled.
 */
@Component
class PushSender {

	private static final int ATTEMPTS = 3;

	/** A service that wants a longer pause is not sent to again. */
	private static final Duration MAX_PAUSE = Duration.ofSeconds(5);

	private final PushClient client;

	private final PushStore store;

	/** Between attempts, unless a service wants a longer one. */
	private final Duration pause;

	PushSender(PushServices services, PushStore store, Vapid vapid, PushProperties properties) {
		this.client = new PushClient(services, vapid, properties);
		this.store = store;
		this.pause = properties.timeout().dividedBy(5);
	}

	/**
	 * Sends a payload to all browsers, and forgets those that have gone. Blocks.
	 * @throws PushException if it did not reach all others; it has reached some
	 */
	void send(List<Subscription> browsers, byte[] payload) throws InterruptedException {
		Set<String> problems = new LinkedHashSet<>();
		List<Subscription> left = browsers;
		for (int attempt = 1; !left.isEmpty(); attempt++) {
			List<Subscription> again = new ArrayList<>();
			Duration longest = this.pause;
			for (Map.Entry<Subscription, PushClient.Answer> each : this.client.post(left, payload).entrySet()) {
				Subscription browser = each.getKey();
				PushClient.Answer answer = each.getValue();
				if (answer.outcome() == PushClient.Outcome.GONE) {
					this.store.remove(browser);
				}
				else if (answer.outcome() == PushClient.Outcome.BUSY && attempt < ATTEMPTS
						&& answer.pause().compareTo(MAX_PAUSE) <= 0) {
					again.add(browser);
					longest = (answer.pause().compareTo(longest) > 0) ? answer.pause() : longest;
				}
				else if (answer.outcome() != PushClient.Outcome.ACCEPTED) {
					problems.add(browser.endpoint().getHost() + ' ' + answer.problem());
				}
			}
			left = again;
			if (!left.isEmpty()) {
				TimeUnit.NANOSECONDS.sleep(longest.toNanos());
			}
		}
		if (!problems.isEmpty()) {
			throw new PushException(
					"A push of " + payload.length + " bytes was not delivered: " + String.join(", ", problems));
		}
	}

	/** Not all browsers of a user were reached. */
	static final class PushException extends RuntimeException {

		PushException(String sentence) {
			super(sentence);
		}

	}

}
