package dev.realtime.sample.chat.push;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.springframework.stereotype.Component;

/**
 * Sends to push services: RFC 8030. All browsers of a user are sent to at the same time,
 * three times at most, with at most five seconds for each attempt and each pause: less
 * than the 30 seconds after which the starter reports a handler as stalled.
 */
@Component
class PushSender {

	private static final int ATTEMPTS = 3;

	/** A service that wants a longer pause is not sent to again. */
	private static final Duration MAX_PAUSE = Duration.ofSeconds(5);

	private final HttpClient client;

	private final PushServices services;

	private final PushStore store;

	private final Vapid vapid;

	private final PushProperties properties;

	/** Between attempts, unless a service wants a longer one. */
	private final Duration pause;

	PushSender(PushServices services, PushStore store, Vapid vapid, PushProperties properties) {
		this.services = services;
		this.store = store;
		this.vapid = vapid;
		this.properties = properties;
		this.pause = properties.timeout().dividedBy(5);
		this.client = HttpClient.newBuilder()
			.connectTimeout(properties.timeout())
			.followRedirects(HttpClient.Redirect.NEVER)
			.build();
	}

	/**
	 * Sends a payload to all browsers, and forgets those that have gone. Blocks.
	 * @throws PushException if it did not reach all others; it has reached some
	 */
	void send(List<Subscription> browsers, byte[] payload) throws InterruptedException {
		Set<String> problems = new LinkedHashSet<>();
		List<Subscription> left = browsers;
		for (int attempt = 1; !left.isEmpty(); attempt++) {
			Round round = new Round(problems, attempt == ATTEMPTS);
			round.send(left, payload);
			left = round.again;
			if (!left.isEmpty()) {
				TimeUnit.NANOSECONDS.sleep(round.longest.toNanos());
			}
		}
		if (!problems.isEmpty()) {
			throw new PushException(
					"A push of " + payload.length + " bytes was not delivered: " + String.join(", ", problems));
		}
	}

	private HttpRequest request(Subscription browser, byte[] payload) {
		// Checked once more: the list may be shorter than when it was registered.
		this.services.check(browser.endpoint().toString());
		try {
			return HttpRequest.newBuilder(browser.endpoint())
				.timeout(this.properties.timeout())
				.header("Authorization", this.vapid.authorization(browser.endpoint()))
				.header("Content-Encoding", "aes128gcm")
				.header("Content-Type", "application/octet-stream")
				.header("TTL", Long.toString(this.properties.timeToLive().toSeconds()))
				.header("Urgency", "normal")
				.POST(HttpRequest.BodyPublishers.ofByteArray(Encryption.encrypt(payload, browser)))
				.build();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("A payload could not be encrypted for a " + browser, ex);
		}
	}

	/** One attempt. */
	private final class Round {

		private final Set<String> problems;

		private final boolean last;

		private final List<Subscription> again = new ArrayList<>();

		private final List<Subscription> gone = new ArrayList<>();

		private Duration longest = PushSender.this.pause;

		Round(Set<String> problems, boolean last) {
			this.problems = problems;
			this.last = last;
		}

		void send(List<Subscription> browsers, byte[] payload) throws InterruptedException {
			Map<Subscription, CompletableFuture<HttpResponse<Void>>> answers = new LinkedHashMap<>();
			try {
				for (Subscription browser : browsers) {
					try {
						answers.put(browser, PushSender.this.client.sendAsync(request(browser, payload),
								HttpResponse.BodyHandlers.discarding()));
					}
					catch (IllegalArgumentException ex) {
						problem(browser, "is not sent to: " + ex.getMessage());
					}
				}
				long end = System.nanoTime() + PushSender.this.properties.timeout().toNanos();
				for (Map.Entry<Subscription, CompletableFuture<HttpResponse<Void>>> each : answers.entrySet()) {
					await(each.getKey(), each.getValue(), end - System.nanoTime());
				}
			}
			finally {
				// The client's own timeout ends with the head of an answer.
				answers.values().forEach((answer) -> answer.cancel(true));
			}
			this.gone.forEach(PushSender.this.store::remove);
		}

		private void await(Subscription browser, CompletableFuture<HttpResponse<Void>> answer, long nanos)
				throws InterruptedException {
			try {
				answered(browser, answer.get(Math.max(0, nanos), TimeUnit.NANOSECONDS));
			}
			catch (ExecutionException | TimeoutException ex) {
				again(browser, PushSender.this.pause, "has not answered");
			}
		}

		private void answered(Subscription browser, HttpResponse<Void> answer) {
			int status = answer.statusCode();
			if (status == 404 || status == 410) {
				this.gone.add(browser);
			}
			else if (status == 429 || status >= 500) {
				again(browser,
						answer.headers()
							.firstValue("Retry-After")
							.map(PushSender::seconds)
							.orElse(PushSender.this.pause),
						"has answered " + status);
			}
			else if (status >= 300) {
				problem(browser, "has answered " + status);
			}
		}

		private void again(Subscription browser, Duration after, String problem) {
			if (this.last || after.compareTo(MAX_PAUSE) > 0) {
				problem(browser, problem);
			}
			else {
				this.longest = (after.compareTo(this.longest) > 0) ? after : this.longest;
				this.again.add(browser);
			}
		}

		private void problem(Subscription browser, String problem) {
			this.problems.add(browser.endpoint().getHost() + ' ' + problem);
		}

	}

	/** A date is longer than is waited here. */
	private static Duration seconds(String retryAfter) {
		try {
			return Duration.ofSeconds(Long.parseLong(retryAfter));
		}
		catch (NumberFormatException ex) {
			return Duration.ofDays(1);
		}
	}

	/** Not all browsers of a user were reached. */
	static final class PushException extends RuntimeException {

		PushException(String sentence) {
			super(sentence);
		}

	}

}
