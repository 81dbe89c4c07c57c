package dev.realtime.spring.netty;

import java.io.IOException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class CompressionIT extends CompressionContract {

	@Override
	int port(EdgeNode node) {
		return node.port();
	}

	/** Spring refuses such a handshake on the servlet port. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			;                        | false
			;;,permessage-deflate    | true
			,;,                      | false
			""")
	void anOfferWithoutANameIsPassedOver(String offer, boolean agreed) throws IOException {
		assertThat(answer(offer).contains("permessage-deflate")).isEqualTo(agreed);
	}

}
