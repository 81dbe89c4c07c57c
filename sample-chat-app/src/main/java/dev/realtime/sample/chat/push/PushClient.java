package dev.realtime.sample.chat.push;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Posts to push services, and reads their answers: RFC 8030. */
final class PushClient {

	private final HttpClient client;

	private final PushServices services;

	private final Vapid vapid;

	private final PushProperties properties;

	PushClient(PushServices services, Vapid vapid, PushProperties properties) {
		this.services = services;
		this.vapid = vapid;
		this.properties = properties;
		this.client = HttpClient.newBuilder()
			.connectTimeout(properties.timeout())
			.followRedirects(HttpClient.Redirect.NEVER)
			.build();
	}

	/** Posts a payload once to all browsers at the same time, and awaits the answers. */
	Map<Subscription, Answer> post(Collection<Subscription> browsers, byte[] payload) throws InterruptedException {
		Map<Subscription, Answer> answers = new LinkedHashMap<>();
		Map<Subscription, CompletableFuture<HttpResponse<Void>>> posts = new LinkedHashMap<>();
		try {
			for (Subscription browser : browsers) {
				try {
					posts.put(browser,
							this.client.sendAsync(request(browser, payload), HttpResponse.BodyHandlers.discarding()));
				}
				catch (IllegalArgumentException ex) {
					answers.put(browser, new Answer(Outcome.REFUSED, "is not sent to: " + ex.getMessage()));
				}
			}
			long end = System.nanoTime() + this.properties.timeout().toNanos();
			for (Map.Entry<Subscription, CompletableFuture<HttpResponse<Void>>> each : posts.entrySet()) {
				answers.put(each.getKey(), await(each.getValue(), end - System.nanoTime()));
			}
			return answers;
		}
		finally {
			// The client's own timeout ends with the head of an answer.
			posts.values().forEach((post) -> post.cancel(true));
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

	private static Answer await(CompletableFuture<HttpResponse<Void>> post, long nanos) throws InterruptedException {
		try {
			return Answer.of(post.get(Math.max(0, nanos), TimeUnit.NANOSECONDS));
		}
		catch (ExecutionException | TimeoutException ex) {
			return new Answer(Outcome.BUSY, "has not answered");
		}
	}

	/** What became of a post. */
	enum Outcome {

		ACCEPTED, GONE, BUSY, REFUSED

	}

	/**
	 * Of a push service, for one browser.
	 *
	 * @param outcome what became of the post
	 * @param problem the same in words
	 * @param pause how long the service wants to be left alone
	 */
	record Answer(Outcome outcome, String problem, Duration pause) {

		Answer(Outcome outcome, String problem) {
			this(outcome, problem, Duration.ZERO);
		}

		private static Answer of(HttpResponse<Void> response) {
			int status = response.statusCode();
			String problem = "has answered " + status;
			if (status == 404 || status == 410) {
				return new Answer(Outcome.GONE, problem);
			}
			if (status == 429 || status >= 500) {
				return new Answer(Outcome.BUSY, problem,
						response.headers().firstValue("Retry-After").map(Answer::seconds).orElse(Duration.ZERO));
			}
			return new Answer((status >= 300) ? Outcome.REFUSED : Outcome.ACCEPTED, problem);
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

	}

}
