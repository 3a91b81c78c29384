"""A certificate authority of a test, by openssl: what a cluster's own would issue."""

import pathlib
import subprocess


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


class Authority:
    """Makes itself in a directory; `pem` is its certificate."""

    def __init__(self, directory, name):
        self.base = pathlib.Path(directory) / name
        self.certificate = f"{self.base}.crt"
        self.key = f"{self.base}.key"
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                f"/CN={name}", "-keyout", self.key, "-out", self.certificate)

    @property
    def pem(self):
        return pathlib.Path(self.certificate).read_text()

    def issue(self, name):
        """The paths of a certificate for loopback and of its key."""
        end = f"{self.base}-{name}"
        extensions = pathlib.Path(f"{end}.ext")
        extensions.write_text("subjectAltName=IP:127.0.0.1,DNS:kubernetes.default\n")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout",
                f"{end}.key", "-out", f"{end}.csr")
        openssl("x509", "-req", "-days", "2", "-in", f"{end}.csr", "-CA", self.certificate,
                "-CAkey", self.key, "-CAcreateserial", "-extfile", extensions, "-out",
                f"{end}.crt")
        return f"{end}.crt", f"{end}.key"
