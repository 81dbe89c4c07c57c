package dev.realtime.spring;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How many connections an address may have. */
class AddressConnectionsTests {

	private final AddressConnections connections = new AddressConnections(2, new ClientAddress(List.of("private")));

	@Test
	void rule8_anAddressHasSoManyAndNoMoreUntilOneIsGone() {
		AddressConnections.Place first = this.connections.enter(at("203.0.113.9"));
		AddressConnections.Place second = this.connections.enter(at("203.0.113.9"));
		assertThat(first).isNotNull();
		assertThat(second).isNotNull();
		assertThat(this.connections.hasRoom(at("203.0.113.9"))).isFalse();
		assertThat(this.connections.enter(at("203.0.113.9"))).isNull();
		assertThat(this.connections.enter(at("203.0.113.10"))).isNotNull();
		first.leave();
		first.leave();
		assertThat(this.connections.enter(at("203.0.113.9"))).isNotNull();
		assertThat(this.connections.enter(at("203.0.113.9"))).isNull();
	}

	@Test
	void rule8_anAddressWithoutConnectionsIsForgotten() {
		for (int i = 0; i < 200; i++) {
			AddressConnections.Place place = this.connections.enter(at("203.0.113." + i));
			assertThat(place).isNotNull();
			place.leave();
		}
		assertThat(this.connections.size()).isZero();
		assertThat(this.connections.hasRoom(at("203.0.113.250"))).isTrue();
		assertThat(this.connections.size()).isZero();
	}

	@Test
	void theAddressesOfAnIpv6NetworkAreOne() {
		assertThat(this.connections.enter(at("2001:db8::1"))).isNotNull();
		assertThat(this.connections.enter(at("2001:db8::2"))).isNotNull();
		assertThat(this.connections.enter(at("2001:db8::3"))).isNull();
		assertThat(this.connections.enter(at("2001:db8:0:1::1"))).isNotNull();
	}

	@Test
	void exemptAndUnknownAddressesHaveAnyNumber() {
		for (int i = 0; i < 5; i++) {
			assertThat(this.connections.enter(at("10.1.2.3"))).isNotNull();
			assertThat(this.connections.enter(null)).isNotNull();
		}
		assertThat(this.connections.size()).isZero();
	}

	@Test
	void zeroMeansAnyNumber() {
		AddressConnections any = new AddressConnections(0, new ClientAddress(List.of()));
		for (int i = 0; i < 5; i++) {
			assertThat(any.enter(at("203.0.113.9"))).isNotNull();
		}
		assertThat(any.hasRoom(at("203.0.113.9"))).isTrue();
	}

	@Test
	void anAddressThatIsRefusedForOtherReasonsGetsNone() {
		AddressConnections any = new AddressConnections(0, new ClientAddress(List.of("private")));
		any.refuse((address) -> address.equals("203.0.113.9") || address.startsWith("10."));
		assertThat(any.enter(at("203.0.113.9"))).isNull();
		assertThat(any.hasRoom(at("203.0.113.9"))).isFalse();
		assertThat(any.enter(at("203.0.113.10"))).isNotNull();
		assertThat(any.enter(at("10.1.2.3"))).as("exempt").isNotNull();
	}

	@RepeatedTest(20)
	void rule8_asManyAsAllowedEnterAtTheSameTime() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(8);
		CountDownLatch begin = new CountDownLatch(1);
		List<Future<AddressConnections.Place>> entering = IntStream.range(0, 8).mapToObj((i) -> threads.submit(() -> {
			begin.await();
			return this.connections.enter(at("203.0.113.9"));
		})).toList();
		begin.countDown();
		List<AddressConnections.Place> places = new ArrayList<>();
		for (Future<AddressConnections.Place> each : entering) {
			AddressConnections.Place place = each.get();
			if (place != null) {
				places.add(place);
			}
		}
		threads.shutdown();
		assertThat(places).hasSize(2);
		places.forEach(AddressConnections.Place::leave);
		assertThat(this.connections.size()).isZero();
	}

	private static InetSocketAddress at(String address) {
		return new InetSocketAddress(address, 4711);
	}

}
