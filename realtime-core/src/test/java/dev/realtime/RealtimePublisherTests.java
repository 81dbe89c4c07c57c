package dev.realtime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RealtimePublisherTests {

	private final List<Publication> published = new ArrayList<>();

	private final RealtimePublisher publisher = (publication) -> {
		this.published.add(publication);
		return CompletableFuture.completedFuture(
				new PublishReceipt(publication.topic(), new Position("E", this.published.size()), 0, false));
	};

	@Test
	void publishesTextBytesAndContentByTheNameOfATopic() {
		byte[] bytes = "bytes".getBytes(StandardCharsets.UTF_8);
		Content content = Content.json("{}").withType("order");
		this.publisher.publish("room.1", "text");
		this.publisher.publish("room.1", bytes);
		bytes[0] = 'B';
		assertThat(this.publisher.publishAndWait("room.2", content).position().seq()).isEqualTo(3);
		assertThat(this.published).extracting((publication) -> publication.topic().name())
			.containsExactly("room.1", "room.1", "room.2");
		assertThat(this.published).extracting((publication) -> publication.content().text())
			.containsExactly("text", "bytes", "{}");
		assertThat(this.published).extracting((publication) -> publication.content().contentType())
			.containsExactly(Content.TEXT, Content.BINARY, Content.JSON);
		assertThat(this.published.get(2).content().type()).isEqualTo("order");
	}

	@Test
	void refusesWhatItCannotPublishAndPublishesNothing() {
		assertThatExceptionOfType(IllegalTopicException.class).isThrownBy(() -> this.publisher.publish("", "text"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.publisher.publish("room.1", 42))
			.withMessage("A payload must be text, bytes or a Content, not java.lang.Integer; convert other "
					+ "objects to one of these first");
		assertThatIllegalArgumentException().isThrownBy(() -> this.publisher.publishAndWait("room.1", 42));
		assertThat(this.published).isEmpty();
	}

}
