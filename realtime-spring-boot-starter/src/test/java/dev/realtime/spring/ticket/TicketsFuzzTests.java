package dev.realtime.spring.ticket;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.TopicPattern;
import dev.realtime.spring.security.ConnectToken;
import dev.realtime.spring.security.TokenGrants;
import dev.realtime.spring.security.TopicAccessAutoConfiguration;
import dev.realtime.testing.fuzz.FuzzContract;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** What is no ticket brings no user, and a ticket's user is read as it was written. */
class TicketsFuzzTests extends FuzzContract {

	private final AtomicReference<Tickets> tickets = new AtomicReference<>();

	TicketsFuzzTests() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(TopicAccessAutoConfiguration.class, RealtimeTicketAutoConfiguration.class))
			.withBean(TopicPolicies.class, () -> (topic) -> TopicPolicy.DEFAULT)
			.withPropertyValues("realtime.security.tickets=true")
			.run((context) -> this.tickets.set(context.getBean(Tickets.class)));
	}

	@Override
	protected List<byte[]> corpus() {
		return bytes("x\nROLE_USER", "A".repeat(43) + "\n", "\n\n\n", "{\"user\":\"ann\"}\n\"\\", "ann\n\u2028\nROLE_é",
				"ann \"Ä\"\nSCOPE_chat\nROLE_USER");
	}

	@Override
	protected List<String> words() {
		return List.of("\"", "\\", "{", "}", "[", "]", ",", ":", "\"user\":", "ROLE_", "\u0000", "😀", "A".repeat(43));
	}

	@Override
	protected Object check(byte[] input) {
		String text = text(input);
		Tickets tickets = Objects.requireNonNull(this.tickets.get());
		assertThat(tickets.redeem(text)).isNull();
		assertThat(tickets.wasUsed(text)).isFalse();
		String[] lines = text.split("\n", 9);
		TicketUser user = new TicketUser(lines[0], List.of(lines).subList(1, lines.length),
				(lines.length % 2 == 0) ? Instant.ofEpochMilli(text.hashCode() & 0xFFFF_FFFFL) : null,
				(lines.length > 2) ? new ConnectToken(lines[1], Instant.ofEpochMilli(lines.length)) : null,
				(lines.length > 3) ? new TokenGrants(List.of(new TopicPattern("a.*")), List.of(), List.of()) : null);
		assertThat(TicketUser.read(user.write())).isEqualTo(user);
		return user.authorities().size();
	}

}
