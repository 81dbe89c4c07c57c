package dev.realtime.sample.chat.login;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TokensTests {

	private final Tokens tokens = new Tokens("secret");

	@Test
	void aTokenOfOneNodeIsGoodOnAnother() {
		assertThat(new Tokens("secret").nameIn(this.tokens.issue("Zoë Li"))).isEqualTo("Zoë Li");
	}

	@Test
	void anotherSecretMakesOtherTokens() {
		assertThat(new Tokens("another").nameIn(this.tokens.issue("Ann"))).isNull();
	}

	@Test
	void aSignatureIsGoodForOneName() {
		String anns = this.tokens.issue("Ann");
		String evil = this.tokens.issue("Eve").substring(0, this.tokens.issue("Eve").indexOf('.'))
				+ anns.substring(anns.indexOf('.'));
		assertThat(this.tokens.nameIn(evil)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ".", "a", "QW5u", "QW5u.", ".QW5u", "ü.ü", "QW5u.QW5u.QW5u" })
	void rubbishNamesNobody(String token) {
		assertThat(this.tokens.nameIn(token)).isNull();
	}

}
