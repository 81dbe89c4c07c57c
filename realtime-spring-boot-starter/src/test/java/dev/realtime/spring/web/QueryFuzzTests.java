package dev.realtime.spring.web;

import java.util.List;

import dev.realtime.spring.ClientInput;
import dev.realtime.spring.RefusedException;
import dev.realtime.testing.fuzz.FuzzContract;
import org.jspecify.annotations.Nullable;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

/** What a request for messages asks for is read, or refused in a sentence. */
class QueryFuzzTests extends FuzzContract {

	private static final int MAX_PAGE = 1_000;

	private static final int MOST_SENTENCE = 700;

	@Override
	protected List<byte[]> corpus() {
		return bytes("topic=room.42\n\n\n\n", "topic=a&topic=b%2Cc&x=%41\n7QX2M0A9BC\n12\n\n50",
				"&&topic=%C3%A9\nE\n\n7\n1000", "topic\n\n\n5\n", "topic=+a+\nE\n999999999999999999\n\n");
	}

	@Override
	protected List<String> words() {
		return List.of("topic=", "%74opic=", "&", "%", "%0", "%zz", "%00", "%0a", "\n", "E", "0", "-1", "+1", "١", " ");
	}

	@Override
	protected Object check(byte[] input) {
		String[] lines = text(input).split("\n", 5);
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setQueryString(lines[0]);
		return topics(request) + ' ' + query(lines);
	}

	private static String topics(MockHttpServletRequest request) {
		try {
			List<String> all = TopicParameters.all(request);
			ClientInput.topic("bad-request", TopicParameters.one(request));
			assertThat(all).hasSize(1);
			return "one";
		}
		catch (RefusedException ex) {
			return refused(ex);
		}
	}

	private static String query(String[] lines) {
		try {
			MessagesQuery query = MessagesQuery.parse(line(lines, 1), line(lines, 2), line(lines, 3), line(lines, 4),
					MAX_PAGE);
			int limit;
			if (query instanceof MessagesQuery.After after) {
				limit = after.limit();
				assertThat(after.position().epoch()).isEqualTo(line(lines, 1));
			}
			else if (query instanceof MessagesQuery.Before before) {
				limit = before.limit();
			}
			else {
				limit = ((MessagesQuery.BeforeNow) query).limit();
			}
			assertThat(limit).isBetween(1, MAX_PAGE);
			return query.getClass().getSimpleName();
		}
		catch (RequestRefusedException ex) {
			return refused(ex);
		}
	}

	private static String refused(RefusedException ex) {
		assertThat(isPlain(ex.sentence())).isTrue();
		assertThat(ex.sentence()).hasSizeLessThan(MOST_SENTENCE);
		return ex.sentence().replaceAll("\".*\"|\\d+", "");
	}

	private static @Nullable String line(String[] lines, int index) {
		return (index < lines.length) ? lines[index] : null;
	}

}
