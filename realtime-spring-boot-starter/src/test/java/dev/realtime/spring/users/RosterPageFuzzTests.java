package dev.realtime.spring.users;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.testing.fuzz.FuzzContract;

import static org.assertj.core.api.Assertions.assertThat;

/** What another node says about its users is read as it was written, or refused. */
class RosterPageFuzzTests extends FuzzContract {

	@Override
	protected List<byte[]> corpus() {
		Map<String, String> subscriptions = new LinkedHashMap<>(Map.of("1", "/topic/a:b", "2", ""));
		return bytes(RosterPage.empty().text(),
				new RosterPage(7, true, true, List.of(new UserSession("s", "ann", subscriptions)), List.of("x", ""))
					.text(),
				new RosterPage(8, false, true, List.of(new UserSession("é", "😀", Map.of())), List.of()).text());
	}

	@Override
	protected List<String> words() {
		return List.of("1:1", "0:", "2:fl", "1:f", "3:", ":", "10:2147483647", "9:");
	}

	@Override
	protected Object check(byte[] input) {
		RosterPage page;
		try {
			page = RosterPage.of(text(input));
		}
		catch (IllegalArgumentException ex) {
			return "refused";
		}
		assertThat(RosterPage.of(page.text())).isEqualTo(page);
		return List.of(page.first(), page.last(), page.sessions().size(), page.ended().size());
	}

}
