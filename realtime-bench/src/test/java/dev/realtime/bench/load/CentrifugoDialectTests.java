package dev.realtime.bench.load;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What Centrifugo says is counted, however it puts it into WebSocket messages. */
class CentrifugoDialectTests {

	private final CentrifugoDialect dialect = new CentrifugoDialect();

	private final Load load = new Load(this.dialect);

	private final Peer peer = new Peer(this.load, 7, "bench", "");

	@AfterEach
	void close() {
		this.load.close();
	}

	@Test
	void isLiveWhenItsSubscriptionIsAnswered() {
		say("{\"id\":1,\"connect\":{\"client\":\"c\",\"ping\":25,\"pong\":true}}");
		assertThat(this.load.live()).isZero();
		say("{\"id\":2,\"subscribe\":{}}");
		assertThat(this.load.live()).isOne();
	}

	@Test
	void countsEachPublicationOfAMessage() {
		say("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{}}\n" + pushed(1) + '\n' + pushed(2)
				+ "\n{\"id\":3,\"publish\":{}}\n" + pushed(3) + '\n');
		assertThat(this.peer.received()).isEqualTo(3);
		assertThat(this.load.disordered()).isZero();
		assertThat(this.load.failed()).isZero();
	}

	@Test
	void noticesALostPublication() {
		say(pushed(1) + '\n' + pushed(3));
		assertThat(this.load.disordered()).isOne();
	}

	@Test
	void anErrorIsAFailure() {
		say("{\"id\":2,\"error\":{\"code\":103,\"message\":\"permission denied\"}}");
		say("{\"push\":{\"channel\":\"bench\",\"unsubscribe\":{\"code\":2500}}}");
		assertThat(this.load.failures()).hasSize(2).first().asString().contains("permission denied");
	}

	private static String pushed(long number) {
		return "{\"push\":{\"channel\":\"bench\",\"pub\":{\"data\":\"" + Marks.body(number, 1, 128) + "\"}}}";
	}

	private void say(String text) {
		ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
		this.load.run(() -> this.dialect.message(this.peer, bytes, 0, bytes.readableBytes()));
	}

}
