#!/usr/bin/env python3
"""Clients that openapi-generator makes of the description, in Python and in Java: both compile, and the Python one, installed
as its readers would, does the main job of README.md against a running service. Says what it had to leave out: it needs Java,
and the packages that the Python client names."""
import argparse
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import service

GENERATOR = "openapi-generator-cli"
INSTALL_SECONDS = 180
OPTIONS = {
    "python": ["--additional-properties=packageName=thuispunt_client"],
    # The library of the JDK's own HTTP client needs the least besides.
    "java": ["--library=native", "--additional-properties=openApiNullable=false"],
}
# An annotation of the old annotation-api, which the generated code carries and nobody reads.
GENERATED = "package javax.annotation;\npublic @interface Generated { String[] value(); String comments() default \"\"; String date() default \"\"; }\n"


def run(*words, **options):
    """A command that has to succeed; what it said is the failure."""
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          **options)
    if done.returncode:
        raise service.Failure("%s: %s" % (words[0], done.stdout[-4000:]))
    return done.stdout


def generate(folder, language):
    run(GENERATOR, "generate", "-i", service.REPOSITORY / "openapi.yaml", "-g", language, "-o", folder / language,
        *OPTIONS[language])
    return folder / language


def generator_jar():
    """The generator itself, which is made of the libraries that its Java clients need; nil when it lies elsewhere."""
    tool = pathlib.Path(shutil.which(GENERATOR)).resolve()
    return next(tool.parent.parent.glob("lib/python*/site-packages/openapi_generator_cli/*.jar"), None)


def java(folder):
    """Compiles the Java client."""
    jar = generator_jar()
    if not jar or not shutil.which("javac"):
        return "java: SKIPPED, because there is no %s" % ("javac" if jar else "jar of the generator")
    source = generate(folder, "java") / "src/main/java"
    stub = source / "javax/annotation/Generated.java"
    stub.parent.mkdir(parents=True)
    stub.write_text(GENERATED)
    files = sorted(source.rglob("*.java"))
    (folder / "files").write_text("\n".join(map(str, files)))
    run("javac", "-nowarn", "-proc:none", "-cp", jar, "-d", folder / "classes", "@%s" % (folder / "files"))
    return "java: %d files compile" % len(files)


def python(folder, binary):
    """Installs the Python client and goes the whole way with it."""
    source = generate(folder, "python")
    files = sorted((source / "thuispunt_client").rglob("*.py"))
    run(sys.executable, "-m", "compileall", "-q", source / "thuispunt_client")
    interpreter = folder / "environment/bin/python"
    try:
        run(sys.executable, "-m", "venv", folder / "environment", timeout=INSTALL_SECONDS)
        run(interpreter, "-m", "pip", "install", "--quiet", "--retries", "1", source, timeout=INSTALL_SECONDS)
    except (service.Failure, subprocess.TimeoutExpired):
        return "python: %d files compile; its way to a key: SKIPPED, because its packages can not be had" % len(files)
    region = service.Region(binary, folder, 12)
    server = service.Service(binary, region.database)
    try:
        given = {"base": "http://127.0.0.1:%d" % server.port, "tokens": region.tokens,
                 "issue": [str(binary), "token", "issue", "--database", str(region.database)]}
        run(interpreter, pathlib.Path(__file__).with_name("clients_journey.py"), input=json.dumps(given))
    finally:
        server.stop()
    return "python: %d files compile, and a referral got its key" % len(files)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=pathlib.Path, help="the executable (default: built for release)")
    arguments = parser.parse_args()
    for tool, package in ((GENERATOR, "PyPI: openapi-generator-cli"), ("java", "Debian: default-jdk-headless")):
        if not shutil.which(tool):
            print("clients: SKIPPED, because %s is not installed (%s)" % (tool, package))
            return
    binary = (arguments.binary or service.build()).resolve()
    began = time.monotonic()
    with service.scratch() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for said in [pool.submit(python, folder, binary), pool.submit(java, folder)]:
            print(said.result())
    print("clients: %d s" % (time.monotonic() - began))


if __name__ == "__main__":
    try:
        main()
    except service.Failure as failure:
        sys.exit("clients: %s" % failure)
