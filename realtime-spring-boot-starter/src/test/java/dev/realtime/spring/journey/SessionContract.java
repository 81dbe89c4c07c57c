package dev.realtime.spring.journey;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.stomp.WireFixtures;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A STOMP session from CONNECT to DISCONNECT, and its transactions. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SessionContract {

	private static final String ROOM = "/topic/room.1";

	private final ConfigurableApplicationContext node;

	private final int port;

	SessionContract(String... properties) {
		String[] all = new String[properties.length + 2];
		all[0] = "realtime.limits.transactions=2";
		all[1] = "realtime.limits.transaction-size=10KB";
		System.arraycopy(properties, 0, all, 2, properties.length);
		this.node = ChatNode.startAlone(all);
		this.port = ChatNode.port(this.node);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			1000,1000            | 1.2       | 1.2
			' 10000, 10000'      | 1.1, 1.2  | 1.2
			0,0                  | 1.0       | 1.0
			'500 ,500'           | 1.0,1.1   | 1.1
			999999999999999999,1 | 2.0,1.2   | 1.2
			""")
	void theTwoSidesAgreeOnVersionAndHeartbeats(String heartbeat, String versions, String version) {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.send("CONNECT", Map.of("accept-version", versions, "host", "x", "heart-beat", heartbeat), "");
			StompFrame connected = client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
			assertThat(connected.headers()).containsEntry("version", version).containsEntry("heart-beat", "1000,1000");
		}
	}

	@Test
	void aClientThatNamesNoVersionSpeaksTheFirst() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.send("STOMP", Map.of(), "");
			StompFrame connected = client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
			assertThat(connected.headers()).containsEntry("version", "1.0");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			accept-version | 2.0   | accept-version names none of them
			heart-beat     | 1,x   | such as 10000,10000
			heart-beat     | 1000  | such as 10000,10000
			heart-beat     | -1,-1 | such as 10000,10000
			content-length | 48000 | Only a SEND frame has a body
			""")
	void aConnectThatMakesNoSenseIsAnsweredWithWhatIsWrong(String header, String value, String sentence) {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			Map<String, String> headers = new LinkedHashMap<>(Map.of("accept-version", "1.2", "host", "x"));
			headers.put(header, value);
			client.send("CONNECT", headers, "");
			assertThat(error(client, 1002)).contains(sentence);
		}
	}

	@Test
	void rule8_aConnectIsSmall() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.raw("CONNECT\n" + ("x:" + "y".repeat(4_000) + '\n').repeat(9));
			assertThat(error(client, 1009)).isEqualTo("The frame has more than 32768 bytes");
		}
	}

	@Test
	void aFrameBeforeConnectAndASecondConnectEndTheConnection() {
		try (StompTestClient early = StompTestClient.open(this.port);
				StompTestClient twice = StompTestClient.connect(this.port, "ann")) {
			early.send("DISCONNECT", Map.of("receipt", "r"), "");
			assertThat(error(early, 1002)).isEqualTo("Send CONNECT first, and wait for CONNECTED");
			twice.send("CONNECT", Map.of("accept-version", "1.2", "host", "x", "login", "eve"), "");
			assertThat(error(twice, 1002)).isEqualTo("CONNECT was sent twice on this connection");
		}
	}

	@Test
	void rule8_aFrameInPiecesOfOneByteCostsNoMoreThanItsBytes() {
		try (StompTestClient client = StompTestClient.connectPlain(this.port, "ann")) {
			client.raw("SEND\ndestination:" + ROOM + "\nreceipt:sent\ncontent-length:48000\n\n");
			for (int i = 0; i < 48_000; i++) {
				client.raw("x");
			}
			client.raw("\0");
			client.await("the receipt", (frame) -> "sent".equals(frame.get("receipt-id")));
		}
	}

	@Test
	void oneFrameIsRefusedForWhatIsOnlyItsOwnFault() {
		try (StompTestClient client = StompTestClient.connect(this.port, "ann")) {
			client.raw("SEND\ndestination:" + ROOM + "\nreceipt:r2\n" + "x:y\n".repeat(70) + "\n\0");
			assertThat(denied(client, "r2")).isEqualTo("too-many-headers");
			client.send("SEND", Map.of("destination", ROOM, "receipt", "r3", "heart-beat", "x"), "x");
			receipt(client, "r3");
			client.send("SEND", Map.of("destination", ROOM, "receipt", "r4", "content-type", "nonsense"), "x");
			assertThat(denied(client, "r4")).isEqualTo("bad-content-type");
			client.send("SEND", Map.of("destination", ROOM, "receipt", "r5", "content-type", "\"/x"), "x");
			assertThat(denied(client, "r5")).isEqualTo("bad-content-type");
		}
	}

	@Test
	void nothingIsHandledAfterDisconnect() {
		try (StompTestClient reader = StompTestClient.connect(this.port, "ann");
				StompTestClient client = StompTestClient.connectPlain(this.port, "bob")) {
			reader.subscribe("s", "/topic/room.quiet");
			client.subscribe("s", "/topic/room.quiet");
			client.raw("DISCONNECT\nreceipt:bye\n\n\0SUBSCRIBE\nid:t\ndestination:/topic/room.quiet\nreceipt:t\n\n\0"
					+ "SEND\ndestination:/topic/room.quiet\n\nafter\0");
			client.rawIfOpen("SEND\ndestination:/topic/room.quiet\n\nlater\0");
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1000));
			assertThat(client.frames()).extracting(StompFrame::command)
				.containsExactly("CONNECTED", "RECEIPT", "RECEIPT");
			assertThat(client.frames().get(2).headers()).containsEntry("receipt-id", "bye");
			reader.send("SEND", Map.of("destination", "/topic/room.quiet"), "mine");
			assertThat(reader.await("the message", StompFrame::isMessage).body()).isEqualTo("mine");
		}
	}

	@Test
	void withoutReceiptADisconnectIsNoError() {
		try (StompTestClient client = StompTestClient.connect(this.port, "ann")) {
			client.send("DISCONNECT", Map.of(), "");
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1000));
			assertThat(client.frames()).extracting(StompFrame::command).containsExactly("CONNECTED");
		}
	}

	@Test
	void whatWasSentBeforeDisconnectIsAnswered() {
		try (StompTestClient client = StompTestClient.connect(this.port, "ann")) {
			for (int i = 0; i < 50; i++) {
				client.send("SEND", Map.of("destination", ROOM, "receipt", "r" + i), "x");
			}
			client.send("DISCONNECT", Map.of("receipt", "bye"), "");
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1000));
			assertThat(client.frames()).hasSize(52);
		}
	}

	@Test
	void aTransactionIsSentWithItsCommit() {
		try (StompTestClient client = StompTestClient.connect(this.port, "ann")) {
			client.subscribe("s", "/topic/room.committed");
			client.send("BEGIN", Map.of("transaction", "t", "receipt", "begun"), "");
			receipt(client, "begun");
			send(client, "/topic/room.committed", "t", "one");
			send(client, "/topic/room.committed", "t", "two");
			client.send("SEND", Map.of("destination", "/topic/room.committed"), "at once");
			client.await("what is in no transaction", StompFrame::isMessage);
			client.send("COMMIT", Map.of("transaction", "t", "receipt", "committed"), "");
			receipt(client, "committed");
			receipt(client, "one");
			receipt(client, "two");
			await().untilAsserted(() -> assertThat(client.messages()).extracting(StompFrame::body)
				.containsExactly("at once", "one", "two"));
			assertThat(client.messages().get(1).headers()).doesNotContainKey("transaction");
			client.send("COMMIT", Map.of("transaction", "t", "receipt", "again"), "");
			assertThat(denied(client, "again")).isEqualTo("no-transaction");
		}
	}

	@Test
	void anAbortedTransactionIsNotSentNorAnswered() {
		try (StompTestClient client = StompTestClient.connect(this.port, "ann")) {
			client.subscribe("s", "/topic/room.aborted");
			client.send("BEGIN", Map.of("transaction", "t"), "");
			send(client, "/topic/room.aborted", "t", "lost");
			client.send("ABORT", Map.of("transaction", "t", "receipt", "aborted"), "");
			receipt(client, "aborted");
			client.send("BEGIN", Map.of("transaction", "t"), "");
			send(client, "/topic/room.aborted", "t", "kept");
			client.send("COMMIT", Map.of("transaction", "t"), "");
			receipt(client, "kept");
			await().untilAsserted(
					() -> assertThat(client.messages()).extracting(StompFrame::body).containsExactly("kept"));
			assertThat(client.frames()).noneMatch((frame) -> "lost".equals(frame.get("receipt-id")));
		}
	}

	@Test
	void anOpenTransactionEndsWithItsConnection() {
		try (StompTestClient reader = StompTestClient.connect(this.port, "ann");
				StompTestClient client = StompTestClient.connect(this.port, "bob")) {
			reader.subscribe("s", "/topic/room.open");
			client.send("BEGIN", Map.of("transaction", "t"), "");
			send(client, "/topic/room.open", "t", "lost");
			client.send("DISCONNECT", Map.of("receipt", "bye"), "");
			receipt(client, "bye");
			reader.send("SEND", Map.of("destination", "/topic/room.open"), "mine");
			assertThat(reader.await("the message", StompFrame::isMessage).body()).isEqualTo("mine");
		}
	}

	@Test
	void rule8_whatWaitsForCommitIsBounded() {
		try (StompTestClient client = StompTestClient.connect(this.port, "ann")) {
			client.send("BEGIN", Map.of("receipt", "nameless"), "");
			assertThat(denied(client, "nameless")).isEqualTo("no-transaction");
			client.send("BEGIN", Map.of("transaction", "t"), "");
			client.send("BEGIN", Map.of("transaction", "t", "receipt", "twice"), "");
			assertThat(denied(client, "twice")).isEqualTo("duplicate-transaction");
			client.send("BEGIN", Map.of("transaction", "u"), "");
			client.send("BEGIN", Map.of("transaction", "v", "receipt", "third"), "");
			assertThat(denied(client, "third")).isEqualTo("too-many-transactions");
			send(client, ROOM, "u", "x".repeat(6_000));
			client.send("SEND", Map.of("destination", ROOM, "transaction", "u", "receipt", "bytes"), "x".repeat(6_000));
			assertThat(denied(client, "bytes")).isEqualTo("transaction-too-large");
			client.send("COMMIT", Map.of("transaction", "u", "receipt", "gone"), "");
			assertThat(denied(client, "gone")).isEqualTo("no-transaction");
			client.subscribe("s", "/topic/room.fine");
		}
	}

	@Test
	void aPlainClientIsClosedForATransactionThatIsNone() {
		try (StompTestClient client = StompTestClient.connectPlain(this.port, "ann")) {
			send(client, ROOM, "t", "x");
			assertThat(error(client, 1008)).isEqualTo("There is no open transaction \"t\"; send BEGIN first");
			assertThat(client.closeReason).isEqualTo("no-transaction");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "ACK", "NACK" })
	void acknowledgementsAreAnsweredAndHaveNoEffect(String command) {
		try (StompTestClient client = StompTestClient.connect(this.port, "ann")) {
			client.subscribe("s", "/topic/room.acked", Map.of("ack", "client-individual"));
			client.send("SEND", Map.of("destination", "/topic/room.acked"), "one");
			client.await("the message", StompFrame::isMessage);
			client.send(command, Map.of("id", "x", "receipt", "r"), "");
			receipt(client, "r");
			client.send(command, Map.of("id", "x", "transaction", "t", "receipt", "none"), "");
			assertThat(denied(client, "none")).isEqualTo("no-transaction");
			client.send("BEGIN", Map.of("transaction", "t"), "");
			client.send(command, Map.of("id", "x", "transaction", "t", "receipt", "held"), "");
			client.send("BEGIN", Map.of("transaction", "u", "receipt", "begun"), "");
			receipt(client, "begun");
			assertThat(client.frames()).noneMatch((frame) -> "held".equals(frame.get("receipt-id")));
			client.send(command, Map.of("id", "x", "transaction", "u", "receipt", "lost"), "");
			client.send("ABORT", Map.of("transaction", "u"), "");
			client.send("COMMIT", Map.of("transaction", "t"), "");
			receipt(client, "held");
			assertThat(client.frames()).noneMatch((frame) -> "lost".equals(frame.get("receipt-id")));
		}
	}

	@ParameterizedTest
	@MethodSource("badFrames")
	void aBadFrameIsAnsweredAsTheFixturesSay(WireFixtures.Case fixture) {
		try (StompTestClient client = StompTestClient.connectPlain(this.port, "ann")) {
			client.raw(fixture.string("sent"));
			StompFrame error = client.await("ERROR", (frame) -> frame.command().equals("ERROR"));
			assertThat(error).isEqualTo(StompFrame.parse(fixture.text().replace("\0", "")));
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1002));
		}
	}

	static List<WireFixtures.Case> badFrames() {
		return WireFixtures.read("bad-frame.json");
	}

	private static void send(StompTestClient client, String destination, String transaction, String body) {
		client.send("SEND", Map.of("destination", destination, "transaction", transaction, "receipt",
				(body.length() < 20) ? body : "long"), body);
	}

	private static void receipt(StompTestClient client, String id) {
		client.await("receipt " + id,
				(frame) -> frame.command().equals("RECEIPT") && id.equals(frame.get("receipt-id")));
	}

	private static String denied(StompTestClient client, String receipt) {
		return client
			.await("denied " + receipt, (frame) -> frame.isEvent("denied") && receipt.equals(frame.get("receipt-id")))
			.header("reason");
	}

	private static String error(StompTestClient client, int code) {
		StompFrame error = client.await("ERROR", (frame) -> frame.command().equals("ERROR"));
		await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(code));
		return error.header("message");
	}

}
