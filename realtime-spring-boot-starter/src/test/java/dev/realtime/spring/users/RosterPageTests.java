package dev.realtime.spring.users;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RosterPageTests {

	@Test
	void isReadAsItWasWritten() {
		RosterPage page = new RosterPage(7, true, false,
				List.of(new UserSession("s:1", "Ann \u6f22\ud83d\ude00",
						Map.of("sub-0", "/topic/room.1", "3:x", "/user/queue/a\nb", "", "/topic/")),
						new UserSession("s2", "bob", Map.of())),
				List.of("gone", ""));
		assertThat(RosterPage.of(page.text())).isEqualTo(page);
		assertThat(RosterPage.of(RosterPage.empty().text())).isEqualTo(RosterPage.empty());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "1:", "1:2", "1:x1:10:1:0", "1:11:1", "1:11:10:1:9", "1:11:10:2:-1", "9999999999:1",
			"1:11:10:1:01:s1:u9:999999999", "1:11:10:1:01:s1:u1:11:a", "-1:1" })
	void whatIsMalformedIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> RosterPage.of(text));
	}

	@Test
	void aSessionWithTooManySubscriptionsIsCutToThePage() {
		Map<String, String> many = new HashMap<>();
		for (int i = 0; i < 2_000; i++) {
			many.put("sub-" + i, "/topic/room." + i);
		}
		UserSession cut = new UserSession("s", "u", many).within(RosterPage.MAX_SESSION_SIZE);
		assertThat(cut.size()).isLessThanOrEqualTo(RosterPage.MAX_SESSION_SIZE).isGreaterThan(15_000);
		assertThat(many.entrySet()).containsAll(cut.subscriptions().entrySet());
		RosterPage page = new RosterPage(Long.MAX_VALUE, true, true, List.of(cut, cut, cut), List.of());
		assertThat(page.text()).hasSizeLessThanOrEqualTo(Signal.MAX_PAYLOAD_LENGTH);
	}

}
