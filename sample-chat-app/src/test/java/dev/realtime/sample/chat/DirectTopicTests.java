package dev.realtime.sample.chat;

import dev.realtime.Topic;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DirectTopicTests {

	@Test
	void isTheSameWhoeverBegins() {
		assertThat(DirectTopic.between("Bob", "Ann")).isEqualTo(DirectTopic.between("Ann", "Bob"))
			.isEqualTo(new DirectTopic("Ann", "Bob"));
	}

	@Test
	void isOfTheTwoAndNobodyElse() {
		Topic topic = Topic.of("dm.Ann.Bob");
		assertThat(DirectTopic.isOf("Ann", topic)).isTrue();
		assertThat(DirectTopic.isOf("Bob", topic)).isTrue();
		assertThat(DirectTopic.isOf("Eve", topic)).isFalse();
		assertThat(DirectTopic.isOf("dm", topic)).isFalse();
		assertThat(DirectTopic.isOf("Ann", Topic.of("dm.Ann.Bob.Eve"))).isFalse();
		assertThat(DirectTopic.isOf("Ann", Topic.of("dm.Ann"))).isFalse();
	}

	@Test
	void noNameCanPassForTwo() {
		assertThat(DirectTopic.between("Ann.Bob", "Eve")).isEqualTo(new DirectTopic("Ann_2eBob", "Eve"));
		assertThat(DirectTopic.between("A_2eB", "Eve").one()).isEqualTo("A_5f2eB");
		assertThat(DirectTopic.isOf("Ann", Topic.of("dm.Ann_2eBob.Eve"))).isFalse();
	}

}
