package dev.realtime.spring.ticket;

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.spring.security.ConnectAuthenticator;
import dev.realtime.spring.security.ConnectRequest;
import dev.realtime.spring.security.ConnectToken;
import dev.realtime.spring.security.TopicAccessAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class TicketsTests {

	private static final Instant END = Instant.parse("2026-11-28T12:00:00Z");

	private static final ConnectToken TOKEN = new ConnectToken("token-1", END.minusSeconds(60));

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(TopicAccessAutoConfiguration.class, RealtimeTicketAutoConfiguration.class))
		.withBean(TopicPolicies.class, () -> (topic) -> TopicPolicy.DEFAULT)
		.withPropertyValues("realtime.security.tickets=true");

	@Test
	void thereAreNoneUnlessTheyAreWanted() {
		this.runner.withPropertyValues("realtime.security.tickets=false")
			.run((context) -> assertThat(context).doesNotHaveBean(Tickets.class));
	}

	@Test
	void rule10_theUserHasTheSameAuthoritiesAndTheSameEnd() {
		this.runner.withBean(ConnectAuthenticator.class, KnowsTheEnd::new).run((context) -> {
			Tickets tickets = context.getBean(Tickets.class);
			Principal ann = new TestingAuthenticationToken("ann \"Ä\"", "", "ROLE_USER", "SCOPE_chat");
			Authentication redeemed = (Authentication) Objects.requireNonNull(tickets.redeem(tickets.issue(ann)));
			assertThat(redeemed.getName()).isEqualTo("ann \"Ä\"");
			assertThat(redeemed.isAuthenticated()).isTrue();
			assertThat(redeemed.getAuthorities()).extracting(GrantedAuthority::getAuthority)
				.containsExactly("ROLE_USER", "SCOPE_chat");
			assertThat(tickets.expiresAt(redeemed)).isEqualTo(END);
			assertThat(tickets.token(redeemed)).isEqualTo(TOKEN);
			assertThat(tickets.expiresAt(ann)).isNull();
			// a ticket fetched with a ticket's user ends with the first one's credentials
			Principal again = Objects.requireNonNull(tickets.redeem(tickets.issue(redeemed)));
			assertThat(tickets.expiresAt(again)).isEqualTo(END);
			assertThat(tickets.token(again)).isEqualTo(TOKEN);
		});
	}

	@Test
	void withoutSpringSecurityAUserIsAName() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.security")).run((context) -> {
			Tickets tickets = context.getBean(Tickets.class);
			Principal redeemed = Objects.requireNonNull(tickets.redeem(tickets.issue(() -> "ann")));
			assertThat(redeemed.getName()).isEqualTo("ann");
			assertThat(tickets.expiresAt(redeemed)).isNull();
			assertThat(tickets.token(redeemed)).isNull();
		});
	}

	@Test
	void rule10_aTicketIsGoodForItsTimeAlone() {
		this.runner.withPropertyValues("realtime.security.ticket-time=1s").run((context) -> {
			Tickets tickets = context.getBean(Tickets.class);
			String ticket = tickets.issue(() -> "ann");
			Instant over = Instant.now().plus(tickets.time());
			await().until(() -> Instant.now().isAfter(over));
			assertThat(tickets.redeem(ticket)).isNull();
		});
	}

	@Test
	void rule8_aNodeKeepsSoManyTicketsAndNoMoreUntilSomeAreTakenOrOver() {
		MemoryTicketStore store = new MemoryTicketStore(2);
		assertThat(store.put("a", "1", Duration.ofMinutes(1))).isTrue();
		assertThat(store.put("b", "2", Duration.ZERO)).isTrue();
		assertThat(store.put("c", "3", Duration.ofMinutes(1))).as("b is over").isTrue();
		assertThat(store.put("d", "4", Duration.ofMinutes(1))).isFalse();
		assertThat(store.take("a")).isEqualTo("1");
		assertThat(store.take("a")).isNull();
		assertThat(store.put("d", "4", Duration.ofMinutes(1))).isTrue();
	}

	@Test
	void rule8_aUserWithVeryManyAuthoritiesGetsNoTicket() {
		List<String> many = java.util.stream.IntStream.rangeClosed(0, TicketUser.MAX_AUTHORITIES)
			.mapToObj(Integer::toString)
			.toList();
		assertThatThrownBy(() -> new TicketUser("ann", many, null, null, null)).hasMessageContaining("at most 1000");
	}

	private static final class KnowsTheEnd implements ConnectAuthenticator {

		@Override
		public @Nullable Principal authenticate(ConnectRequest request) {
			return null;
		}

		@Override
		public @Nullable Instant expiresAt(Principal user) {
			return user.getName().startsWith("ann") ? END : null;
		}

		@Override
		public @Nullable ConnectToken token(Principal user) {
			return user.getName().startsWith("ann") ? TOKEN : null;
		}

	}

}
