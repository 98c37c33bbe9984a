"""Where do tests keep what they write? In a folder of their own, removed afterwards; ./var is never touched.

pytest loads this first (addopts), before Django reads its settings; each xdist worker has its own folder. Of the
variables a developer has set only MAINSTAY_DATABASE_URL counts, so that tests give the same result everywhere.
"""

import atexit
import os
import shutil
import tempfile

for name in [name for name in os.environ if name.startswith("MAINSTAY_") and name != "MAINSTAY_DATABASE_URL"]:
    del os.environ[name]

HOME = tempfile.mkdtemp(prefix="mainstay-tests-")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["MAINSTAY_HOME"] = HOME
os.environ["MAINSTAY_SECRET_KEY"] = "tests-sign-with-this-key-and-nothing-else-does"
