package dev.realtime.region;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.RegionalBroker;
import dev.realtime.loop.Loops;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a home tells, and what it answers. */
class HomeTests {

	private static final Topic TOPIC = Topic.of("room.a");

	private static final Publication PUBLICATION = Publication.of(TOPIC, Content.text("hello"));

	private final VirtualEnvironment environment = new VirtualEnvironment(1);

	private final RegionOptions options = new RegionOptions("eu", Set.of("us"), (topic) -> "eu", Duration.ofSeconds(3),
			Duration.ofSeconds(1), Duration.ofMinutes(5), 100);

	private final CompletableFuture<PublishReceipt> stored = new CompletableFuture<>();

	private final List<Letter> told = new ArrayList<>();

	private final List<Letter> answered = new ArrayList<>();

	private int published;

	private final RegionalBroker store = Fakes.fake(RegionalBroker.class,
			(proxy, method, args) -> switch (method.getName()) {
				case "publishMarked" -> {
					this.published++;
					yield this.stored;
				}
				case "partition" -> 0;
				case "partitions" -> 1;
				default -> throw new UnsupportedOperationException(method.getName());
			});

	private final Bridge bridge = Fakes.fake(Bridge.class, (proxy, method, args) -> switch (method.getName()) {
		case "tell" -> {
			this.told.add(Letters.read((byte[]) args[1]));
			yield CompletableFuture.completedFuture(null);
		}
		case "answer" -> {
			this.answered.add(Letters.read((byte[]) args[1]));
			yield CompletableFuture.completedFuture(null);
		}
		default -> throw new UnsupportedOperationException(method.getName());
	});

	private final Home home = new Home(
			this.options, this.store, TopicPolicies.all(TopicPolicy.DEFAULT), this.bridge, new Heads(this.options,
					this.store, this.bridge, new Loops(this.environment, Loops.STALLED_AFTER).loop("realtime-region")),
			this.environment);

	@Test
	void rule2_otherRegionsAreToldOfAMessageWhenItIsStored() {
		CompletableFuture<PublishReceipt> receipt = publish();
		assertThat(this.told).isEmpty();
		this.stored.complete(receipt());
		assertThat(receipt).isCompleted();
		assertThat(this.told).singleElement()
			.isInstanceOfSatisfying(Letter.Stored.class,
					(letter) -> assertThat(letter.message().position()).isEqualTo(new Position("E", 7)));
	}

	@Test
	void rule2_otherRegionsAreNotToldOfWhatWasNotStored() {
		CompletableFuture<PublishReceipt> receipt = publish();
		this.stored.completeExceptionally(PublishException.refused(TOPIC, "simulated", null));
		assertThat(receipt).isCompletedExceptionally();
		assertThat(this.told).isEmpty();
	}

	@Test
	void aForwardedPublicationThatComesLateIsNotBegunAndItsPublisherIsToldWhy() {
		asked(-5_000);
		assertThat(this.published).isZero();
		assertThat(this.answered).singleElement().isInstanceOfSatisfying(Letter.Failed.class, (failed) -> {
			assertThat(failed.outcomeUnknown()).isTrue();
			assertThat(failed.why()).contains("5000 ms after its deadline");
		});
	}

	@Test
	void rule9_aLetterThatCannotBeReadKeepsNoOtherWaiting() {
		CompletableFuture<Void> done = this.home.asked(0, List.of(new byte[0], new byte[] { 1, 77 }, forwarded(1_000)))
			.toCompletableFuture();
		this.stored.complete(receipt());
		assertThat(done).isCompleted();
		assertThat(this.answered).singleElement().isInstanceOf(Letter.Published.class);
	}

	private CompletableFuture<PublishReceipt> publish() {
		return this.home.publish(PUBLICATION, TopicPolicy.DEFAULT, null).toCompletableFuture();
	}

	private void asked(long deadline) {
		assertThat(this.home.asked(0, List.of(forwarded(deadline)))).isCompleted();
	}

	private byte[] forwarded(long deadline) {
		return Letters.write(
				new Letter.Forwarded("us", "L", 1, this.environment.clock().millis() + deadline, "key", PUBLICATION));
	}

	private static PublishReceipt receipt() {
		return new PublishReceipt(TOPIC, new Position("E", 7), 1, false, true);
	}

}
