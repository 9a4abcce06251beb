# Images of emoser, one of the targets database, web and notebook; compose.yaml puts them together.
# They install the Debian packages that debian/ makes of this source, and none runs as root.

FROM debian:bookworm-slim AS packages
WORKDIR /build/emoser
COPY debian/control debian/control
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential \
    && apt-get build-dep -y --no-install-recommends ./
COPY . .
RUN DEB_BUILD_OPTIONS=noddebs dpkg-buildpackage -us -uc -b

# The same numbers in all images: by them PostgreSQL knows who is at the other end of its socket. The
# folder of the socket is in all of them, too: the first container to use a new volume says whose it is.
FROM debian:bookworm-slim AS base
RUN useradd --uid 5432 --user-group --home-dir /var/lib/postgresql --shell /bin/sh postgres \
    && useradd --uid 5000 --user-group --home-dir /nonexistent --shell /usr/sbin/nologin emoser_web \
    && useradd --uid 8887 --user-group --home-dir /notebooks --shell /bin/sh emoser_notebook \
    && install -d -o postgres -g postgres -m 755 /run/postgresql
ENV LANG=C.UTF-8

FROM base AS database
COPY --from=packages /build/postgresql-15-emoser_*.deb /build/postgresql-15-emoser-av_*.deb /packages/
RUN mkdir -p /etc/postgresql-common \
    && echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf \
    && apt-get update \
    && apt-get install -y --no-install-recommends /packages/*.deb \
    && rm -rf /var/lib/apt/lists/* /packages \
    && install -d -o postgres -g postgres -m 700 /var/lib/postgresql/data
COPY web/schema.sql container/notebook.sql /usr/share/emoser/
COPY --chmod=755 container/database /usr/local/bin/emoser-database
USER postgres
ENV PGHOST=/run/postgresql PGDATABASE=emoser
VOLUME /var/lib/postgresql/data
STOPSIGNAL SIGINT
HEALTHCHECK --interval=10s --start-period=60s CMD ["pg_isready", "--quiet"]
ENTRYPOINT ["emoser-database"]

FROM base AS web
COPY --from=packages /build/emoser-web_*.deb /packages/
RUN apt-get update \
    && apt-get install -y --no-install-recommends /packages/*.deb \
    && rm -rf /var/lib/apt/lists/* /packages /etc/emoser-web
USER emoser_web
ENV EMOSER_WEB_DATABASE="dbname=emoser host=/run/postgresql" \
    EMOSER_WEB_BIND=0.0.0.0:5000 \
    EMOSER_WEB_HOSTS="localhost 127.0.0.1 [::1]" \
    PYTHONDONTWRITEBYTECODE=1
EXPOSE 5000
HEALTHCHECK --interval=10s --start-period=20s CMD ["python3", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:5000/healthz', timeout=5)"]
CMD ["/usr/share/emoser-web/serve"]

FROM base AS notebook
RUN apt-get update \
    && apt-get install -y --no-install-recommends jupyter-notebook python3-ipykernel python3-psycopg \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o emoser_notebook -g emoser_notebook /notebooks
COPY --chown=emoser_notebook container/emoser.ipynb docs/report.ipynb /notebooks/
USER emoser_notebook
WORKDIR /notebooks
ENV PGHOST=/run/postgresql PGDATABASE=emoser
VOLUME /notebooks
EXPOSE 8887
HEALTHCHECK --interval=10s --start-period=20s CMD ["python3", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8887/api', timeout=5)"]
CMD ["jupyter", "notebook", "--ip=0.0.0.0", "--port=8887", "--no-browser"]
