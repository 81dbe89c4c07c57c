package dev.realtime.spring.publisher;

import java.time.Duration;

import dev.realtime.IllegalTopicException;
import dev.realtime.spring.testing.RecordingPublisher;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ApplicationPublisherTests {

	private final RecordingPublisher published = new RecordingPublisher();

	private final GuardedPublisher engine = new GuardedPublisher(this.published, 20, 2, Duration.ZERO,
			Duration.ofSeconds(5), null);

	private final ApplicationPublisher publisher = new ApplicationPublisher(this.engine,
			() -> new PayloadConverter(Prices::new));

	@Test
	void convertsObjectsAndTakesTextAsItIs() {
		this.publisher.publish("room.1", new Price(42));
		this.publisher.publishAndWait("room.2", "hello");
		assertThat(this.published.lines()).containsExactly("room.1: {\"cents\":42}", "room.2: hello");
		assertThat(this.published.published().get(0).content().contentType()).isEqualTo("application/json");
	}

	@Test
	void objectsHaveTheSameLimitsAsPublications() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.publisher.publish("room.1", new Price(1L << 60)))
			.withMessageContaining("realtime.publish.max-payload allows 20");
		assertThatExceptionOfType(IllegalTopicException.class)
			.isThrownBy(() -> this.publisher.publish("_presence.room", new Price(1)));
		assertThat(this.published.published()).isEmpty();
	}

	@Test
	void whatNoConverterTakesIsRefusedWithItsType() {
		ApplicationPublisher textOnly = new ApplicationPublisher(this.engine,
				() -> new PayloadConverter(StringMessageConverter::new));
		assertThatExceptionOfType(MessageConversionException.class)
			.isThrownBy(() -> textOnly.publishAndWait("room.1", new Price(42)))
			.withMessage("No MessageConverter accepts a payload of type " + Price.class.getName());
		assertThat(this.published.published()).isEmpty();
	}

	/** Converts prices as a JSON library of either generation does. */
	private static final class Prices implements MessageConverter {

		@Override
		public @Nullable Object fromMessage(Message<?> message, Class<?> type) {
			return null;
		}

		@Override
		public @Nullable Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
			return (payload instanceof Price price) ? MessageBuilder.withPayload("{\"cents\":" + price.cents() + "}")
				.setHeader(MessageHeaders.CONTENT_TYPE, MimeTypeUtils.APPLICATION_JSON)
				.build() : null;
		}

	}

	/** An object of an application. */
	record Price(long cents) {
	}

}
