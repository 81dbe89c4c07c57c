#!/bin/sh
# What the script of this name does in Kafka's own distribution, with the jars that kafka/pom.xml brings.
libs=$(dirname "$0")/../target/libs
if ! ls "$libs"/kafka_* > /dev/null 2>&1; then
	echo "Kafka's server is not in $libs: mvn -f realtime-bench/kafka/pom.xml package" >&2
	exit 1
fi
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" ${KAFKA_HEAP_OPTS:--Xms1g -Xmx1g} -cp "$libs/*" kafka.Kafka "$@"
