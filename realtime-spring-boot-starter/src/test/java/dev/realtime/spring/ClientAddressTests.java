package dev.realtime.spring;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** What limits of addresses count clients under. */
class ClientAddressTests {

	private final ClientAddress addresses = new ClientAddress(List.of("private", "192.0.2.0/28"));

	@ParameterizedTest
	@CsvSource({ "203.0.113.9, 203.0.113.9", "::ffff:203.0.113.9, 203.0.113.9",
			"2001:db8:1:2:3:4:5:6, 2001:db8:1:2:0:0:0:0/64", "2001:db8:1:2::, 2001:db8:1:2:0:0:0:0/64",
			"2001:db8:1:3::, 2001:db8:1:3:0:0:0:0/64", "192.0.2.16, 192.0.2.16" })
	void anIpv4AddressCountsByItselfAndAnIpv6AddressByItsNetwork(String address, String counted) throws Exception {
		assertThat(this.addresses.limited(socket(address))).isEqualTo(counted);
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1", "10.1.2.3", "::ffff:10.1.2.3", "192.168.7.7", "100.64.1.1", "fd00::1",
			"fe80::1", "192.0.2.15" })
	void exemptAddressesAreNotLimited(String address) throws Exception {
		assertThat(this.addresses.limited(socket(address))).isNull();
	}

	@Test
	void whatIsNotKnownIsNotLimited() {
		assertThat(this.addresses.limited(null)).isNull();
		assertThat(this.addresses.limited(InetSocketAddress.createUnresolved("example.com", 80))).isNull();
	}

	@Test
	void byDefaultPrivateAddressesAreExempt() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class))
			.withPropertyValues("realtime.broker=memory")
			.run((context) -> assertThat(
					new ClientAddress(context.getBean(RealtimeProperties.class).limits()).limited(socket("10.1.2.3")))
				.isNull());
	}

	@ParameterizedTest
	@ValueSource(strings = { "proxy.example.com", "10.0.0.0/33" })
	void aRangeThatIsNoneStopsTheStart(String range) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class))
			.withPropertyValues("realtime.broker=memory", "realtime.limits.exempt-addresses=private," + range)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidRealtimePropertyException.class)
				.hasMessageContaining("realtime.limits.exempt-addresses")
				.hasMessageContaining(range));
	}

	private static InetSocketAddress socket(String address) throws UnknownHostException {
		return new InetSocketAddress(InetAddress.getByName(address), 4711);
	}

}
