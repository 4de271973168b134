#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Fletcher's checksum of a line. */
static PyObject *line_sum(PyObject *self, PyObject *args) {
    const char *text;
    Py_ssize_t length;
    unsigned long low = 0, high = 0;
    if (!PyArg_ParseTuple(args, "s#", &text, &length)) return NULL;
    for (Py_ssize_t at = 0; at < length; at++) {
        low = (low + (unsigned char)text[at]) % 255;
        high = (high + low) % 255;
    }
    return PyLong_FromUnsignedLong(high << 8 | low);
}

static PyMethodDef methods[] = {{"line_sum", line_sum, METH_VARARGS, "Checksum of a line."}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "tidesum", NULL, -1, methods};

PyMODINIT_FUNC PyInit_tidesum(void) { return PyModule_Create(&module); }
