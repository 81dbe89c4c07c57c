package dev.realtime.region;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.NumberedRun;
import dev.realtime.broker.RegionalBroker;
import dev.realtime.codec.MessageCodec;
import dev.realtime.log.LogPage;
import dev.realtime.loop.Environment;
import dev.realtime.loop.LogThrottle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a region does for the topics that it numbers: publishes and then tells the other
 * regions, and answers what they ask. Safe for any number of threads.
 */
final class Home {

	/** Most messages of a page. */
	private static final int PAGE = 200;

	/** From so many bytes on a page is full. */
	private static final long PAGE_BYTES = 256L * 1_024;

	private static final Logger logger = LoggerFactory.getLogger(Home.class);

	private final RegionOptions options;

	private final RegionalBroker store;

	private final TopicPolicies policies;

	private final Bridge bridge;

	private final Heads heads;

	private final Environment environment;

	private final LogThrottle malformed;

	Home(RegionOptions options, RegionalBroker store, TopicPolicies policies, Bridge bridge, Heads heads,
			Environment environment) {
		this.environment = environment;
		this.malformed = new LogThrottle(environment);
		this.options = options;
		this.store = store;
		this.policies = policies;
		this.bridge = bridge;
		this.heads = heads;
	}

	/** Stores, and tells the other regions what is stored (rule 2). */
	CompletionStage<PublishReceipt> publish(Publication publication, TopicPolicy policy, @Nullable String key) {
		return this.store.publishMarked(publication, policy, key).thenApply((receipt) -> {
			if (!receipt.duplicate()) {
				tell(TopicMessage.of(publication, receipt));
			}
			return receipt;
		});
	}

	/** What is lost on the way is found by its number. */
	private void tell(TopicMessage message) {
		try {
			CompletionStage<Void> unused = this.bridge.tell(this.store.partition(message.topic()),
					Letters.write(new Letter.Stored(message)));
		}
		catch (Throwable ex) {
			logger.debug("A message could not be sent over the bridge; the other regions will request it", ex);
		}
	}

	/** The bridge's thread. Completes when all is done, whatever became of it. */
	CompletionStage<Void> asked(int share, List<byte[]> letters) {
		List<CompletableFuture<?>> done = new ArrayList<>();
		for (byte[] each : letters) {
			try {
				CompletionStage<?> one = asked(share, Letters.read(each));
				done.add(one.toCompletableFuture());
			}
			catch (Throwable ex) {
				if (this.malformed.add() > 0) {
					logger.warn("Ignored a request of another region that could not be handled: {}", ex.toString());
				}
			}
		}
		return CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).handle((all, failure) -> {
			if (failure != null) {
				logger.debug("A request of another region could not be answered; the region will ask again", failure);
			}
			return null;
		});
	}

	private CompletionStage<?> asked(int share, Letter letter) {
		if (letter instanceof Letter.Forwarded forwarded) {
			return forwarded(forwarded);
		}
		if (letter instanceof Letter.PageWanted wanted && this.options.isHome(wanted.topic())) {
			return page(wanted.topic(), wanted.position(), wanted.position(), false, 0);
		}
		if (letter instanceof Letter.HeadsWanted) {
			this.heads.tellAll(share);
		}
		return CompletableFuture.completedFuture(null);
	}

	private CompletionStage<?> forwarded(Letter.Forwarded forwarded) {
		Topic topic = forwarded.publication().topic();
		long late = this.environment.clock().millis() - forwarded.deadline();
		if (late > 0) {
			// An earlier reading of the same letter may have published it.
			return answer(forwarded, null,
					PublishException.unknown(topic, "it arrived " + late + " ms after its "
							+ "deadline, by the clock of its home; the bridge is slow, or the clocks of the regions "
							+ "differ", null));
		}
		if (!this.options.isHome(topic)) {
			return answer(forwarded, null,
					PublishException.refused(topic,
							"the region \"" + this.options.own()
									+ "\" is not the home of this topic; all regions must have the same homes "
									+ "(realtime.regions.home, realtime.topics.<name>.home)",
							null));
		}
		return publish(forwarded.publication(), this.policies.of(topic), forwarded.key())
			.handle((receipt, failure) -> answer(forwarded, receipt, failure))
			.thenCompose((sent) -> sent);
	}

	private CompletionStage<?> answer(Letter.Forwarded forwarded, @Nullable PublishReceipt receipt,
			@Nullable Throwable failure) {
		Letter answer;
		if (receipt != null) {
			answer = new Letter.Published(forwarded.life(), forwarded.number(), receipt.position(), receipt.timestamp(),
					receipt.duplicate(), receipt.replicated());
		}
		else {
			PublishException known = PublishException.of(forwarded.publication().topic(),
					(failure != null) ? failure : new IllegalStateException("no answer"));
			answer = new Letter.Failed(forwarded.life(), forwarded.number(), known.getMessage(),
					known.isOutcomeUnknown());
		}
		// If the answer is lost, the publisher is told that the outcome is unknown.
		CompletionStage<Void> unused = this.bridge.answer(forwarded.region(), Letters.write(answer));
		return CompletableFuture.completedFuture(null);
	}

	/**
	 * Reads a page that follows what the copy has, or begins where the log does.
	 * @param asked what the copy has
	 * @param from where to read now
	 */
	private CompletionStage<?> page(Topic topic, Position asked, Position from, boolean gone, int tries) {
		return this.store.log().read(topic, from, PAGE).thenCompose((page) -> {
			if (page instanceof LogPage.Found found) {
				return this.bridge.tell(this.store.partition(topic),
						Letters.write(page(topic, asked, from, found, gone)));
			}
			if (!(page instanceof LogPage.Lost lost) || lost.head().seq() == 0 || tries == 3) {
				return CompletableFuture.completedFuture(null);
			}
			Position next = (lost.reason() == LogPage.Reason.EXPIRED) ? lost.head().withSeq(lost.first() - 1)
					: lost.head().withSeq(0);
			return page(topic, asked, next, gone || next.seq() > 0, tries + 1).thenApply((done) -> null);
		});
	}

	private static Letter.Page page(Topic topic, Position asked, Position from, LogPage.Found found, boolean gone) {
		List<TopicMessage> messages = found.messages();
		long bytes = 0;
		int count = 0;
		while (count < messages.size() && bytes < PAGE_BYTES) {
			bytes += MessageCodec.blob(messages.get(count++)).length;
		}
		long through = (count < messages.size()) ? messages.get(count - 1).seq() : found.through().seq();
		return new Letter.Page(topic, new NumberedRun(found.head().epoch(), from.seq(), through,
				messages.subList(0, count), asked.epoch(), gone), found.head());
	}

}
