package dev.realtime.spring;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which addresses are in which ranges. */
class AddressRangesTests {

	private static AddressRanges ranges(String... ranges) {
		return AddressRanges.of("realtime.some", Arrays.asList(ranges));
	}

	@ParameterizedTest
	@CsvSource({ "10.0.0.0/8, 10.255.1.2, true", "10.0.0.0/8, 11.0.0.0, false", "192.0.2.7, 192.0.2.7, true",
			"192.0.2.7, 192.0.2.8, false", "192.0.2.0/29, 192.0.2.7, true", "192.0.2.0/29, 192.0.2.8, false",
			"0.0.0.0/0, 8.8.8.8, true", "0.0.0.0/0, 2001:db8::1, false", "::/0, 8.8.8.8, false",
			"2001:db8::/33, 2001:db8:7fff::1, true", "2001:db8::/33, 2001:db8:8000::1, false",
			"fd00::/8, fd12::1, true", "fd00::/8, fc12::1, false", "::ffff:10.1.2.3, 10.1.2.3, true",
			"10.0.0.0/8, ::ffff:10.1.2.3, true" })
	void contains(String range, String address, boolean contained) throws UnknownHostException {
		assertThat(ranges(range).contains(InetAddress.getByName(address))).isEqualTo(contained);
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.1.1",
			"100.64.0.1", "100.127.255.255", "::1", "fc00::1", "fdff::1", "fe80::1" })
	void privateStandsForPrivateAddressesAndThoseOfThisMachine(String address) throws UnknownHostException {
		assertThat(ranges("private").contains(InetAddress.getByName(address))).isTrue();
		assertThat(ranges("192.0.2.7", " private ").contains(InetAddress.getByName(address))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "8.8.8.8", "172.32.0.1", "100.128.0.1", "192.169.0.1", "2001:db8::1", "fec0::1" })
	void privateStandsForNoOthers(String address) throws UnknownHostException {
		assertThat(ranges("private").contains(InetAddress.getByName(address))).isFalse();
	}

	@Test
	void noRangesContainNothing() throws UnknownHostException {
		assertThat(AddressRanges.of("realtime.some", List.of()).contains(InetAddress.getByName("10.1.2.3"))).isFalse();
		assertThat(ranges("0.0.0.0/0").contains(null)).isFalse();
	}

	/** A name, or what only looks like an address, would be asked for in DNS. */
	@ParameterizedTest
	@ValueSource(strings = { "", "proxy.example.com", "localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x",
			"10.0.0.0/", "10.0.0/8", "10.0.0.256", "1.2.3.4.5", "010.0.0.1", "fd00::/129", "fd00:::1", "/8", "cafe",
			"fe80::1%eth0", "::ffff:10.0.0.0/104", "Private" })
	void refuseWhatIsNoRangeByTheNameOfTheProperty(String range) {
		assertThatThrownBy(() -> ranges("127.0.0.1", range)).isInstanceOf(InvalidRealtimePropertyException.class)
			.hasMessageContaining("realtime.some")
			.hasMessageContaining("must be address ranges such as 10.0.0.0/8");
	}

}
