# The operator, and beside it the simulator (--target simulator) for try-outs.
# Everything but the Java classes comes from Debian, so this builds for any architecture that
# Debian has a Java runtime for; amd64 and arm64 are meant. Build with bin/image, which lays the
# files out that are copied here.
ARG BASE=debian:bookworm-slim

# Fence agents without those for public clouds, which would bring 80 MB of libraries, without those
# for disks attached to this very machine, and without those that only pretend to fence.
FROM ${BASE} AS agents
WORKDIR /agents
RUN apt-get update -qq \
 && apt-get download -qq -o APT::Sandbox::User=root fence-agents \
 && dpkg-deb -x fence-agents_*.deb . \
 && dpkg-deb -f fence-agents_*.deb Version >usr/share/fence/VERSION \
 && cd usr/sbin \
 && rm -f fence_ack_manual fence_dummy fence_heuristics_ping fence_kdump fence_kdump_send \
          fence_aliyun fence_aws fence_azure_arm fence_gce fence_ibm_powervs fence_ibm_vpc \
          fence_compute fence_evacuate fence_ironic fence_openstack fence_kubevirt fence_docker \
          fence_ecloud fence_ovh fence_crosslink fence_mpath fence_scsi fence_sbd fence_powerman \
          fence_vmware fence_vbox fence_ldom fence_xenapi fence_rcd_serial fence_amt fence_skalar \
 && rm -f ../share/fence/azure_fence.py ../share/fence/XenAPI.py

FROM ${BASE} AS java
RUN mkdir -p /usr/share/man/man1 \
 && apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      ca-certificates openjdk-17-jre-headless \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /tmp/* \
 && printf 'operator:x:10001:10001::/tmp:/usr/sbin/nologin\n' >>/etc/passwd \
 && printf 'operator:x:10001:\n' >>/etc/group
WORKDIR /app
# A number, so that Kubernetes can tell that it isn't root.
USER 10001:10001
ENV JAVA_TOOL_OPTIONS="-XX:+ExitOnOutOfMemoryError -XX:-UsePerfData -XX:MaxRAMPercentage=60"

FROM java AS simulator
ARG VERSION=unknown
ARG REVISION=unknown
COPY target/image/simulator/ /app/
ENTRYPOINT ["java", "-cp", "/app/classes:/app/lib/*"]
CMD ["io.pveha.app.simulator.SimulatorMain", "--help"]
LABEL org.opencontainers.image.title="Proxmox VE cluster simulator" \
      org.opencontainers.image.description="A Proxmox VE cluster that is not there, for try-outs of the Proxmox HA operator" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

FROM java AS operator
ARG VERSION=unknown
ARG REVISION=unknown
USER root
# What the agents call: Python with four libraries, IPMI, SNMP for power strips, SSH.
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      python3 python3-pexpect python3-pycurl python3-requests python3-suds \
      ipmitool openssh-client snmp \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /tmp/*
COPY --from=agents /agents/usr/sbin/ /usr/sbin/
COPY --from=agents /agents/usr/share/fence/ /usr/share/fence/
# An agent that can't even describe itself would be found out at the worst of times.
RUN for agent in /usr/sbin/fence_*; do \
      PYTHONWARNINGS=ignore "$agent" -o metadata >/dev/null || { echo "$agent does not start" >&2; exit 1; }; \
    done; rm -rf /tmp/*
COPY target/image/operator/lib/ /app/lib/
COPY target/image/operator/quarkus/ /app/quarkus/
COPY target/image/operator/quarkus-run.jar /app/
COPY target/image/operator/app/ /app/app/
USER 10001:10001
# It waits far more than it computes: the second compiler would cost more than it ever gives back
# (2.5 instead of 4.5 s of processor time for a start, 50 MB less), and so would parallel collectors.
ENV JAVA_TOOL_OPTIONS="-XX:+ExitOnOutOfMemoryError -XX:-UsePerfData -XX:MaxRAMPercentage=60 -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
EXPOSE 8080
ENTRYPOINT ["java", "-jar", "/app/quarkus-run.jar"]
# Python is there for the fence agents; Kubernetes asks by its own probes instead.
HEALTHCHECK --start-period=30s --interval=30s --timeout=5s CMD ["python3", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/q/health/live', timeout=4)"]
LABEL org.opencontainers.image.title="Proxmox HA operator" \
      org.opencontainers.image.description="High availability for Proxmox VE as Kubernetes manifests" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
