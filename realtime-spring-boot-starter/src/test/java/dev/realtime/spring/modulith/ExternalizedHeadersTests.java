package dev.realtime.spring.modulith;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What becomes of the headers of externalized events. */
class ExternalizedHeadersTests {

	@Test
	void headersWithAMeaningAreOptionsAndOthersAreHeaders() {
		Publication publication = with(
				Map.of("id", 7, "type", "shipped", "sender", "ann", "important", true, "tenant", "acme"));
		assertThat(publication.id()).isEqualTo("7");
		assertThat(publication.content().type()).isEqualTo("shipped");
		assertThat(publication.sender()).isEqualTo("ann");
		assertThat(publication.important()).isTrue();
		assertThat(publication.content().headers()).containsEntry("tenant", "acme").doesNotContainKeys("id", "type");
	}

	@Test
	void aHeaderThatIsNullIsLeftOut() {
		Map<String, @Nullable Object> headers = new LinkedHashMap<>();
		headers.put("tenant", null);
		headers.put("sender", null);
		Publication publication = with(headers);
		assertThat(publication.content().headers()).isEmpty();
		assertThat(publication.sender()).isNull();
	}

	@Test
	void anIdThatIsNullIsRefused() {
		Map<String, @Nullable Object> headers = new LinkedHashMap<>();
		headers.put("id", null);
		assertThatIllegalArgumentException().isThrownBy(() -> with(headers))
			.withMessageContaining("\"id\" of an event OrderShipped");
	}

	private static Publication with(Map<String, ? extends @Nullable Object> headers) {
		Publication.Builder publication = Publication.to(Topic.of("order.1")).content(Content.of("{}"));
		RealtimeEventExternalizer.addHeaders("OrderShipped", headers, publication);
		return publication.build();
	}

}
