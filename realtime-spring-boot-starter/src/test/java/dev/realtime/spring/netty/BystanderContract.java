package dev.realtime.spring.netty;

import java.io.IOException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** Whatever a client does to the listener, another one goes on as if it were alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BystanderContract {

	private final ConfigurableApplicationContext node;

	private final RawClient bystander;

	final int port;

	private int sent;

	BystanderContract(ConfigurableApplicationContext node) throws IOException {
		this(node, ListeningNode.port(node));
	}

	BystanderContract(ConfigurableApplicationContext node, int port) throws IOException {
		this.node = node;
		this.port = port;
		this.bystander = RawClient.connect(this.port);
	}

	BystanderContract() throws IOException {
		this(Quiet.NODE);
	}

	ConfigurableApplicationContext node() {
		return this.node;
	}

	@BeforeAll
	void bystanderListens() throws IOException {
		this.bystander.subscribe("quiet");
	}

	@AfterEach
	void theBystanderNoticesNothing() throws IOException {
		this.sent++;
		String text = "still here " + this.sent + '.';
		ListeningNode.publish(this.node, "quiet", text);
		this.bystander.awaitText(text);
		assertThat(this.bystander.texts()).doesNotContain("ERROR\n");
	}

	@AfterAll
	void stop() throws IOException {
		this.bystander.close();
	}

	/** Clients may be silent here for as long as a test likes. */
	static final class Quiet {

		static final ConfigurableApplicationContext NODE = ListeningNode.start("realtime.netty.ping-interval=0",
				"realtime.netty.handshake-timeout=1s", "realtime.netty.max-handshake-size=2KB",
				"realtime.limits.max-header-size=1KB", "realtime.servlet.transport=direct");

	}

}
